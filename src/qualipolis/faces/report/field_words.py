"""The fixed words of the papers of a visit, as pairs (Chinese, English)."""

from __future__ import annotations

from datetime import date
from types import MappingProxyType

from .words import Lang

_PAIRS: dict[str, tuple[str, str]] = {
    "notice": ("产品质量监督抽查通知书", "Notice of supervision sampling"),
    "form": ("产品质量监督抽查抽样单", "Sampling form of supervision sampling"),
    "number": ("编号：%s", "No. %s"),
    "day": ("%s年%s月%s日", "%s-%s-%s"),
    "to": ("%s：", "To: %s"),
    "notice_head": ("对%s实施监督抽查", "Supervision sampling of %s"),
    "notice_lead": (
        "根据“%s”方案，下列抽样人员到您处抽取样品。实施细则和方案已于%s公开。",
        "Under the scheme of the campaign “%s” the samplers named below take a sample at your place. Scheme and detailed"
        " rules have been public since %s.",
    ),
    "firm": ("受检单位", "Sampled firm"),
    "code": ("统一社会信用代码", "Credit code"),
    "address": ("地址", "Address"),
    "product": ("产品", "Product"),
    "rule": ("实施细则", "Detailed rules"),
    "samplers": ("抽样人员", "Samplers"),
    "certificates": ("证件号", "Certificates"),
    "organiser": ("组织机关", "Organiser"),
    "sampling_body": ("抽样机构", "Sampling body"),
    "rights": ("权利和义务", "Rights and duties"),
    "right_1": (
        "抽样人员不少于两人，应当出示本通知书和证件。",
        "At least two samplers show this notice and their identity.",
    ),
    "right_2": (
        "检验样品按标价购买，没有标价的按市场价购买；不收取检验费。",
        "The test sample is bought at the marked price, else the market price; no fee is charged for the test.",
    ),
    "right_3": (
        "六个月内已接受上级同一产品监督抽查的，可以出示证明。",
        "A firm whose same product a superior authority sampled within six months may show the proof.",
    ),
    "right_4": (
        "无正当理由拒绝抽样的，依法处理；对检验结果有异议的，自收到结果之日起15日内书面提出。",
        "A refusal without good reason has consequences by law. Objections to the result are made in writing within 15 days"
        " of its receipt.",
    ),
    "notice_note": (
        "依据《产品质量监督抽查管理暂行办法》，条款号待核对原文。",
        "By Order 18 on supervision sampling; the article numbers were not checked against the text.",
    ),
    "receipt": ("送达回证", "Slip of receipt"),
    "receipt_words": ("已收到本通知书。", "This notice was received."),
    "receipt_sign": ("签收人：　　　　　　　　日期：　　　　　　", "Received by: ______________  Day: ____________"),
    "sample_part": ("样品", "Sample"),
    "place_part": ("抽样", "Sampling"),
    "model": ("规格型号", "Model or specification"),
    "brand": ("商标", "Brand"),
    "batch": ("批号或编号", "Batch or serial number"),
    "made_on": ("生产日期", "Made on"),
    "keeps_until": ("保质期至", "Keeps until"),
    "standard": ("执行标准", "Standard declared"),
    "licence_no": ("许可证或认证证书", "Licence or certificate"),
    "producer_name": ("标称生产者", "Labelled producer"),
    "producer_address": ("标称地址", "Address on the label"),
    "stock": ("待售库存", "Stock for sale"),
    "test_quantity": ("检验样品数量", "Test sample, quantity"),
    "backup_quantity": ("备用样品数量", "Backup sample, quantity"),
    "price": ("单价（元）", "Price of one, CNY"),
    "free": ("检验不破坏样品，不购买", "not destroyed, so not bought"),
    "voucher_no": ("购样凭证号", "Purchase voucher"),
    "storage": ("存放地点和方式", "Place and way of storage"),
    "platform": ("平台", "Platform"),
    "order": ("订单号和页面", "Order number and page"),
    "seals_test": ("检验样品封签号", "Seals on the test sample"),
    "seals_backup": ("备用样品封签号", "Seals on the backup sample"),
    "sampled_on": ("抽样日期", "Sampled on"),
    "arrived": ("到场时间", "On site at"),
    "place": ("位置", "Place"),
    "within": ("%s，%s（误差%s米以内）", "%s, %s (within %s m)"),
    "pictures": ("现场照片", "Pictures"),
    "pictures_n": ("%s张，随任务存档", "%s, kept with the task"),
    "words": ("备注", "Remarks"),
    "signed": ("企业已签字", "signed by the firm"),
    "refused": ("企业拒绝签字", "the firm refused to sign"),
    "witnessed": ("见证人签字", "signed by a witness"),
    "signature": ("签字情况", "Signature"),
    "sign_firm": ("受检单位（签字、盖章）", "Sampled firm (signature, seal)"),
    "sign_samplers": ("抽样人员（签字）", "Samplers (signatures)"),
    "sign_witness": ("见证人（签字）", "Witness (signature)"),
    "on_device": ("已在设备上签名，图像随任务存档", "signed on the device; the picture is kept with the task"),
    "draft": ("未提交，仅供填写", "Not submitted yet, to be filled in"),
    "form_note": (
        "样品编号只写在样品标签上，本单不记载，以便盲样检验。更正须经受检单位确认。",
        "The codes of the samples stand on their labels only, not on this form, so that the test stays blind. Corrections"
        " are confirmed by the firm.",
    ),
    "test": ("检验样品", "Test sample"),
    "backup": ("备用样品", "Backup sample"),
    "label": ("样品标签", "Sample label"),
    "label_note": ("盲样，请勿书写企业名称", "Blind sample: write no name of a firm on it"),
    "attempt": ("第%s次抽样", "Sampling no. %s"),
}
PAIRS = MappingProxyType(_PAIRS)


def said(lang: Lang, key: str, *values: object) -> str:
    """Return the words of ``key``; a day is split into its parts.

    >>> said("zh", "day", date(2026, 5, 6)), said("en", "number", "X1")
    ('2026年5月6日', 'No. X1')
    """
    words = PAIRS[key][0 if lang == "zh" else 1]
    if key == "day" and values and isinstance(values[0], date):
        one = values[0]
        parts = (one.year, one.month, one.day) if lang == "zh" else (one.year, f"{one.month:02d}", f"{one.day:02d}")
        return words % parts
    return words % values if values else words
