"""What is looked at on a page: sideways scroll, headings, targets, language, words left in English."""

from __future__ import annotations

from typing import Any

from tests.browser.visitor import Tab, violations

from qualipolis.city.supervise.field.blind_codes import is_code

# names, formats and signs that are the same in both languages
SAME_IN_BOTH = {
    "copeland", "shapley",
    "qualipolis", "english", "csv", "xlsx", "pdf", "json", "zip", "svg", "geojson", "toml", "http", "https", "html", "utf",
    "gb18030", "ed25519", "sha", "totp", "webauthn", "passkey", "localhost", "argon2", "parquet", "api", "openapi",
    "excel", "cnas", "javascript", "cookie", "wcag", "etag", "null", "pareto", "python", "aqdef", "kappa", "laney", "holm",
}  # fmt: skip
LOOK = """
() => {
  const seen = el => el.checkVisibility({visibilityProperty: true, opacityProperty: true}) &&
    el.getBoundingClientRect().width > 1 && !el.closest('.visually-hidden, .skip');
  const small = [...document.querySelectorAll('a[href], button, summary, input:not([type=hidden]), select, textarea')]
    .filter(el => seen(el) && !el.disabled && !el.closest('svg'))
    .filter(el => !(el.tagName === 'A' && getComputedStyle(el).display === 'inline'))
    .map(el => (el.matches('[type=checkbox], [type=radio], [type=file]') && el.closest('label')) || el)
    .filter(el => { const box = el.getBoundingClientRect(); return Math.min(box.width, box.height) < 23.5; })
    .map(el => el.outerHTML.slice(0, 120));
  return {
    lang: document.documentElement.lang,
    headings: document.querySelectorAll('h1').length,
    label: document.querySelectorAll('.demo-label').length,
    sideways: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    small,
  };
}
"""
WORDS = """
() => {
  const found = [], skip = 'code, pre, kbd, samp, script, noscript, style, [lang=en], .mono, .hash, .code, time, option[lang]';
  const walk = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode())
    if (!node.parentElement.closest(skip)) found.push(node.data);
  for (const name of ['title', 'aria-label', 'placeholder', 'alt', 'data-word-saved'])
    for (const el of document.querySelectorAll(`[${name}]`)) if (!el.closest(skip)) found.push(el.getAttribute(name));
  return found.flatMap(text => (text.match(/(?<![\\w.\\/@#:{-])[A-Za-z]{4,}(?![\\w\\/@]|[.-]\\w)/g) || []));
}
"""


def faults(tab: Tab, address: str, language: str) -> list[str]:
    """Open the address once, look at it as wide as the tab is, and return what is wrong."""
    page = tab.page
    answer = page.goto(address)
    found = [] if answer.status == 200 else [f"answers {answer.status}"]
    found += looked_at(page, language)
    found += [f"axe {fault}" for fault in violations(page)]
    if language.startswith("zh"):
        found += [f"in English: {word}" for word in left_in_english(page)]
    return found + [f"complains: {line}" for line in tab.complaints()]


def looked_at(page: Any, language: str) -> list[str]:
    """Return what the eye sees wrong."""
    seen = page.evaluate(LOOK)
    found = [f"too small: {one}" for one in seen["small"]]
    if seen["lang"] != ("en" if language == "en" else "zh-Hans"):
        found.append(f"says its language is {seen['lang']}")
    if seen["headings"] != 1:
        found.append(f"has {seen['headings']} first headings")
    if not seen["label"]:
        found.append("does not say that it is a demo")
    if seen["sideways"] > 0:
        found.append(f"scrolls sideways by {seen['sideways']} px")
    return found


def left_in_english(page: Any) -> list[str]:
    """Return words of a Chinese page that look untranslated."""
    words = {word for word in page.evaluate(WORDS) if word.lower() not in SAME_IN_BOTH}
    # a piece of a hash is no word, and neither is a blind code
    return sorted(word for word in words if not set(word) <= set("abcdef") and not is_code(word))
