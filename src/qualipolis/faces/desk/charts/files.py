"""A chart as a file of its own: fixed width, light colours, the data table inside as a description."""

from __future__ import annotations

import re

from django.utils.html import escape

STYLE = """
.chart{font-family:"Noto Sans CJK SC","PingFang SC","Microsoft YaHei",sans-serif;font-size:12px;fill:#586a6f}
.ink{fill:#14242a}.ink-2{fill:#42545a}.strong{font-weight:700;fill:#14242a}.big{font-size:14px}.on{font-weight:700;fill:#0a6266}
.grid{stroke:#d5dddb;fill:none}.axis{stroke:#788885;fill:none}.ref{stroke:#586a6f;stroke-dasharray:4 3;fill:none}.limit{stroke:#ae2418;fill:none}
.band{fill:#cfe3e0}.whisk{stroke:#7fa9ab;stroke-width:2.5}.cap{stroke:#0a6266;stroke-width:2}.prev{fill:none;stroke:#586a6f;stroke-width:1.3}
.halo{fill:#fff}.reach{stroke:#14242a;stroke-width:1.5;fill:none}.halo-line{stroke:#fff;stroke-width:4}.own{stroke:#0a6266;stroke-width:2}.track-bar{fill:#eaefee}.lead{stroke:#586a6f}.narrow{display:none}
.c1{fill:#0a6266}.c2{fill:#c66a0f}.c3{fill:#437cee}.c4{fill:#5a1d3a}.c5{fill:#7f949a}
.l1{stroke:#0a6266;stroke-width:2;fill:none}.l2{stroke:#c66a0f;stroke-width:2;fill:none}.l3{stroke:#437cee;stroke-width:2;fill:none}
.l4{stroke:#5a1d3a;stroke-width:2;fill:none}.l5{stroke:#7f949a;stroke-width:2;fill:none}
.q1{fill:#dcebe9}.q2{fill:#a9d3d0}.q3{fill:#62adac}.q4{fill:#23807f}.q5{fill:#064b50}
.qt1,.qt2,.qt3{fill:#14242a}.qt4,.qt5{fill:#fff}.bar-up{fill:#0a6266}.bar-down{fill:#c66a0f}.bar-total{fill:#788885}.bar-idle{fill:#7f949a}
.vm3{fill:#874305}.vm2{fill:#dd9a4e}.vm1{fill:#f5dcbd}.vp0{fill:#eef1f0}.vp1{fill:#c3e0dd}.vp2{fill:#62adac}.vp3{fill:#064b50}
.vtm3,.vtp3{fill:#fff}.vtm2,.vtm1,.vtp0,.vtp1,.vtp2{fill:#14242a}.minus{stroke:#14242a;stroke-width:1.5;fill:none}.minus.vtm3{stroke:#fff}
.void{fill:none;stroke:#d5dddb}.ringed{stroke:#14242a;stroke-width:2}.block{fill:none;stroke:#788885}.span{stroke:#7fa9ab;stroke-width:1.2}
.b1{fill:#0a6266;fill-opacity:.18}.b2{fill:#c66a0f;fill-opacity:.18}.b3{fill:#437cee;fill-opacity:.18}.b4{fill:#5a1d3a;fill-opacity:.18}.b5{fill:#7f949a;fill-opacity:.18}
.arc{stroke:#fff;stroke-width:1}.thin{stroke-width:1}
"""


def standalone(drawing: str, *, width: int = 720, description: str = "") -> str:
    """Return ``drawing`` as the text of an .svg file ``width`` pixels wide, without links."""
    wide = re.split(r'<svg [^>]*chart-narrow|<ul class="chart-key', str(drawing))[0]
    body = re.search(r"<svg.*</svg>", wide, re.DOTALL)
    if body is None:
        raise ValueError("there is no chart to save")
    text = re.sub(r"<a [^>]*>|</a>", "", body.group(0))
    head, rest = text.split(">", 1)
    if 'width="100%"' in head:
        head = head.replace('width="100%"', f'width="{width}"', 1)
    extra = f"<desc>{escape(description)}</desc>" if description else ""
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{head}>{extra}<style>{STYLE}</style>{rest}\n'
