"""How often a mistyped query is read as it was meant, on queries labelled by ourselves, in an index of pseudo-complaints.

Run: .venv/bin/python benchmarks/text_typing.py [--texts 20000]
Each query has the word that was meant; right is: the first correction, or a document found with the word. Words typed
well must be left alone: those that were read otherwise are counted as harm. Interval: Wilson, 95 %.
"""

from __future__ import annotations

import argparse
import tempfile

from pseudo_complaints import complaints
from text_retrieval import wilson

from qualipolis.lake.search import Document, Index

TYPED = {
    "pinyin": (
        "shouji 手机,chongdianbao 充电宝,dianfanbao 电饭煲,reshuiqi 热水器,tongzhuang 童装,naifen 奶粉,chazuo 插座,kongtiao 空调,"
        "bingxiang 冰箱,xiyiji 洗衣机,toukui 头盔,luntai 轮胎,chuangdian 床垫,yusan 雨伞,yanjing 眼镜,xinglixiang 行李箱,"
        "shoujifare 手机发热,loudian 漏电,fameibianzhi 发霉变质,jiaquanchaobiao 甲醛超标"
    ),
    "pinyin of the south": (
        "souji 手机,congdianbao 充电宝,zazuo 插座,laifen 奶粉,cuangdian 床垫,dianfanbo 电饭煲,yangjin 眼镜,tongzuang 童装,"
        "loudiang 漏电,biaozi 标志,luodian 漏电"
    ),
    "homophone": (
        "手鸡 手机,充点宝 充电宝,电饭包 电饭煲,热水气 热水器,同装 童装,奶分 奶粉,插坐 插座,空条 空调,冰相 冰箱,洗衣几 洗衣机,头亏 头盔,"
        "轮太 轮胎,床店 床垫,雨散 雨伞,眼竟 眼镜,行礼箱 行李箱,漏点 漏电,发没 发霉,甲全超标 甲醛超标"
    ),
    "one character": "充申宝 充电宝,热永器 热水器,洗农机 洗衣机,电反煲 电饭煲,行季箱 行李箱,净氷器 净水器,保湿杯 保温杯,高庄锅 高压锅,羽绒报 羽绒服,油姻机 油烟机",
    "letters": "blutooth bluetooth,samsng samsung,iphnoe iphone,huwei huawei,xioami xiaomi,philps philips",
}  # fmt: skip
WELL = [
    "手机",
    "充电宝",
    "电饭煲",
    "热水器",
    "童装",
    "奶粉",
    "插座",
    "空调",
    "冰箱",
    "洗衣机",
    "漏电",
    "发霉",
    "甲醛",
    "退货",
    "退款",
    "客服",
    "发票",
    "商家",
    "合格证",
    "生产日期",
    "bluetooth",
    "iphone",
    "划伤",
    "召回",
    "检测",
    "抽检",
    "保温杯",
    "眼镜",
    "头盔",
    "轮胎",
]
BRANDS = (
    "Bluetooth音箱没有声音",
    "Samsung平板黑屏",
    "iPhone充电发烫",
    "Huawei手表进水",
    "Xiaomi路由器断网",
    "Philips吹风机冒烟",
)


def main() -> None:
    """Print the share read rightly for each kind of slip, and the harm done to words typed well."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=int, default=20_000)
    number = parser.parse_args().texts
    with tempfile.TemporaryDirectory() as name:
        index = Index.create(name)
        index.rebuild(Document(str(at), text) for at, text in enumerate(complaints(number)))
        index.add(Document(f"B{at}", BRANDS[at % len(BRANDS)]) for at in range(60))
        for kind, pairs in TYPED.items():
            told = [one.split(" ") for one in pairs.split(",")]
            known = [(typed, meant) for typed, meant in told if index.search(meant, mend=False).total]
            right = [
                typed for typed, meant in known if any(one.meant == meant for one in index.search(typed).corrected)
            ]
            low, high = wilson(len(right) / len(known), len(known))
            wrong = {
                typed: [one.meant for one in index.search(typed).corrected] for typed, _ in known if typed not in right
            }
            print(
                f"{kind:<22}{len(right):>3} of {len(known):<3}{len(right) / len(known):>6.0%} [{low:.0%}, {high:.0%}]  not: {wrong}"
            )
        harmed = [one for one in WELL if index.search(one).corrected]
        print(f"{'typed well, changed':<22}{len(harmed):>3} of {len(WELL):<3} {harmed}")


if __name__ == "__main__":
    main()
