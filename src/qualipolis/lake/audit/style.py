"""The look of an audit document: paper, ink and one celadon green; no script, no font and no picture from elsewhere."""

STYLE = """
:root{--page:#f3f6f5;--surface:#fff;--sunken:#eaefee;--line:#d5dddb;--line-strong:#788885;--ink:#14242a;--ink-2:#42545a;
--ink-3:#586a6f;--brand:#0a6266;--tint:#e0f0ee;--warn:#825000;--warn-bg:#fff0d2;--bad:#ae2418;--focus:#1d63d8;
--sans:"PingFang SC","HarmonyOS Sans SC","Microsoft YaHei","Noto Sans CJK SC","Source Han Sans SC",system-ui,sans-serif;
--mono:ui-monospace,"SF Mono","Cascadia Mono","DejaVu Sans Mono","Noto Sans Mono",monospace}
@media (prefers-color-scheme:dark){@media screen{:root{--page:#0e1618;--surface:#162023;--sunken:#1e2b2e;--line:#2c3a3e;
--line-strong:#76888c;--ink:#e7eeed;--ink-2:#b7c4c5;--ink-3:#98a8aa;--brand:#74cbc5;--tint:#12373a;--warn:#f0be66;
--warn-bg:#35280b;--bad:#ff9c8d;--focus:#8ab4ff}}}
*{box-sizing:border-box}
html{color-scheme:light dark;-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--page);color:var(--ink);font:400 16px/1.7 var(--sans);font-variant-numeric:tabular-nums;
text-autospace:normal;line-break:strict}
.in{position:absolute;width:1px;height:1px;opacity:0;margin:0}
.in-zh:checked~* [lang=en],.in-en:checked~* [lang=zh]{display:none}
.choice{display:flex;justify-content:flex-end;gap:4px;max-width:1040px;margin:16px auto 0;padding:0 24px;font-size:13px}
.choice label{padding:4px 12px;min-height:32px;border:1px solid transparent;border-radius:4px;color:var(--ink-2);
cursor:pointer}
.in-zh:checked~.choice .to-zh,.in-en:checked~.choice .to-en{background:var(--tint);color:var(--brand);font-weight:700;
border-color:var(--brand)}
.in-zh:focus-visible~.choice .to-zh,.in-en:focus-visible~.choice .to-en{outline:3px solid var(--focus);outline-offset:2px}
main{max-width:1040px;margin:12px auto 48px;padding:40px 48px 48px;background:var(--surface);border:1px solid var(--line);
border-radius:8px}
header{border-bottom:2px solid var(--brand);padding-bottom:20px;margin-bottom:8px}
.kicker{display:flex;align-items:center;gap:8px;margin:0 0 12px;color:var(--brand);font-size:14px;font-weight:700}
.kicker svg{width:22px;height:22px;flex:none}
h1{font-size:26px;line-height:1.35;margin:0 0 8px;overflow-wrap:anywhere}
h2{font-size:19px;line-height:1.4;margin:40px 0 8px}
h3{font-size:15.5px;line-height:1.4;margin:0}
h2 .n,h3 .n{color:var(--brand);margin-right:.5em}
p{margin:0 0 12px;max-width:46em;text-wrap:pretty}
.lead{color:var(--ink-2)}
.demo{display:inline-block;padding:1px 10px;border:1px dashed var(--line-strong);border-radius:4px;color:var(--ink-2);
font-size:13px;font-weight:400}
.facts{display:grid;grid-template-columns:repeat(4,1fr);gap:12px 24px;margin:20px 0 0}
.facts div{min-width:0}
.facts dt{font-size:12px;color:var(--ink-3)}
.facts dd{margin:0;font-size:16px;font-weight:700;overflow-wrap:anywhere}
.toc{display:flex;flex-wrap:wrap;gap:4px 18px;margin:16px 0 0;padding:0;list-style:none;font-size:14px}
a{color:var(--brand);text-underline-offset:3px}
a:focus-visible,summary:focus-visible{outline:3px solid var(--focus);outline-offset:2px}
.wide{overflow-x:auto;margin:0 0 16px}
table{border-collapse:collapse;width:100%;font-size:14px;line-height:1.5}
caption{text-align:left;font-weight:700;padding:0 0 6px;color:var(--ink)}
th,td{padding:5px 10px;text-align:left;vertical-align:middle;border-bottom:1px solid var(--line)}
th:first-child,td:first-child{padding-left:6px}
thead th{border-bottom:1px solid var(--line-strong);color:var(--ink-2);font-size:13px;font-weight:700;vertical-align:bottom}
.num{text-align:right;white-space:nowrap}
.name{word-break:keep-all;overflow-wrap:anywhere}
.code,.hash,code{font-family:var(--mono);font-size:.86em;overflow-wrap:anywhere}
.code{color:var(--ink-3)}
.tier th{background:var(--sunken);font-size:13px;color:var(--ink-2);border-bottom:1px solid var(--line)}
.node td{font-weight:700}
td.d1{padding-left:22px}td.d2{padding-left:38px}td.d3{padding-left:54px}td.d4{padding-left:70px}td.d5{padding-left:86px}
.plot{width:34%;min-width:190px;padding:0 6px}
.plot svg,.bar svg{display:block;width:100%;height:22px;overflow:visible}
.rule{stroke:var(--line);stroke-width:1}
.span{stroke:var(--brand);stroke-width:2}
.dot{fill:var(--brand)}
.soft{fill:var(--brand);opacity:.28}
.tick{font-size:11px;fill:var(--ink-3)}
.bar{width:30%;min-width:150px}
.steps{list-style:none;margin:0;padding:0}
.steps>li{padding:14px 0;border-bottom:1px solid var(--line);break-inside:avoid}
.steps p{margin:4px 0 0}
.formula{margin:8px 0 0;padding:6px 14px;border-left:3px solid var(--brand);background:var(--sunken);
font-family:"Cambria Math","STIX Two Math","Noto Serif CJK SC",Georgia,serif;font-size:15px;overflow-wrap:anywhere}
.formula span{display:block}
.source{font-size:12.5px;color:var(--ink-3);margin:6px 0 0}
.note{padding:10px 16px;background:var(--warn-bg);border-left:3px solid var(--warn);border-radius:0 4px 4px 0;max-width:none}
.note p{margin:0;max-width:none}
.lead+.wide,h3+.lead{margin-top:4px}section>h3{margin:24px 0 4px}
.list{margin:0;padding-left:1.2em}
.list li{margin:0 0 4px;overflow-wrap:anywhere}
.run{display:block;margin:8px 0 12px;padding:10px 14px;background:var(--sunken);border-radius:4px;font-family:var(--mono);
font-size:14px;overflow-x:auto;white-space:pre}
.pairs th{width:32%;font-weight:400;color:var(--ink-2)}
footer{margin-top:40px;padding-top:12px;border-top:1px solid var(--line);font-size:12.5px;color:var(--ink-3)}
@media (max-width:640px){.choice{padding:0 16px;margin-top:8px}main{margin:8px 0 0;padding:24px 16px 32px;border-width:1px 0;
border-radius:0}h1{font-size:22px}.facts{grid-template-columns:1fr 1fr;gap:10px 16px}th,td{padding:5px 6px}
.plot{min-width:150px}.stack thead{display:none}.stack tr{display:flex;flex-wrap:wrap;align-items:baseline;gap:0 14px;
padding:6px 0;border-bottom:1px solid var(--line)}.stack td,.stack th{border:0;padding:0}.stack td.name{flex:1 1 70%}
.stack td.name[class*=" d"]{padding-left:0}.stack .plot{flex:1 1 100%;min-width:0}.stack [data-zh]::before{color:var(--ink-3);
font-size:12px;margin-right:4px}.in-zh:checked~* .stack [data-zh]::before{content:attr(data-zh)}
.in-en:checked~* .stack [data-en]::before{content:attr(data-en)}.stack .tier th{flex:1 1 100%;padding:2px 6px}
.stack td:empty{display:none}}
@page{size:A4;margin:20mm 16mm 18mm}
@media print{body{background:none;font-size:10pt;line-height:1.55}.choice,.toc{display:none}main{max-width:none;margin:0;
padding:0;border:0;background:none}h1{font-size:17pt}h2{font-size:13pt;margin-top:22pt;break-after:avoid}h3{font-size:10.5pt}
table{font-size:8.5pt}thead{display:table-header-group}tr{break-inside:avoid}.wide{overflow:visible}th,td{padding:2.5pt 6pt}
.formula{font-size:10pt}.source,footer{font-size:8pt}a{color:inherit;text-decoration:none}.run{font-size:9pt;white-space:pre-wrap}
.facts dd{font-size:10.5pt}.facts dt{font-size:8pt}.facts{grid-template-columns:repeat(4,1fr)}.demo,thead th{font-size:8.5pt}
.tier th,.note,.formula,.run,.soft,.dot{-webkit-print-color-adjust:exact;print-color-adjust:exact}.plot svg{height:14px}}
""".strip()
