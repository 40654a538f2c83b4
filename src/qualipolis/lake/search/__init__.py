"""Searching the city's texts: an index on disk of character pairs and words, with filters, reasons and mended typing.

>>> import tempfile
>>> folder = tempfile.TemporaryDirectory()
>>> index = Index.create(folder.name, codes=["kind"], numbers=["day"])
>>> index.add([Document("1", "充电宝使用时发烫，外壳鼓包", {"kind": "complaint", "day": 3}),
...            Document("2", "童装洗过以后褪色", {"kind": "complaint", "day": 9})])
2
>>> [(hit.key, hit.why) for hit in index.search("发烫 充电宝", {"kind": "complaint"}).hits]
[('1', ('发烫', '充电宝'))]
>>> index.search("chongdianbao").corrected
(Correction(typed='chongdianbao', meant='充电宝', how='pinyin'),)
"""

from __future__ import annotations

from qualipolis.lake.search.asking import Correction, Hit, Hits
from qualipolis.lake.search.index import Document, Index
from qualipolis.lake.search.schema import Schema

__all__ = ["Correction", "Document", "Hit", "Hits", "Index", "Schema"]
