"""The texts that the table cites, each in the version in force."""

from datetime import date

from mediation.deadlines.period import Law

CIVIL_PROCEDURE = Law("Civil Procedure Law (2023)", "中华人民共和国民事诉讼法", date(2024, 1, 1))
ADMINISTRATIVE_LITIGATION = Law(
    "Administrative Litigation Law (2017)", "中华人民共和国行政诉讼法", date(2017, 7, 1)
)
RECONSIDERATION = Law(
    "Administrative Reconsideration Law (2023)", "中华人民共和国行政复议法", date(2024, 1, 1)
)
# In force where it does not conflict with the law of 2023.
RECONSIDERATION_RULES = Law(
    "Regulation on Implementing the Administrative Reconsideration Law (2007)",
    "中华人民共和国行政复议法实施条例",
    date(2007, 8, 1),
)
MEDIATION = Law("People's Mediation Law", "中华人民共和国人民调解法", date(2011, 1, 1))
MEDIATION_PROVISIONS = Law(
    "Several Provisions on People's Mediation Work (Ministry of Justice, Order 75)",
    "人民调解工作若干规定",
    date(2002, 11, 1),
)
MEDIATION_STANDARD = Law(
    "National Standard of People's Mediation Work (SF/T 0083-2020)",
    "全国人民调解工作规范（SF/T 0083-2020）",
    None,
)
PETITION = Law("Regulation on Petition Work (2022)", "信访工作条例", date(2022, 5, 1))
LABOUR = Law(
    "Labour Dispute Mediation and Arbitration Law",
    "中华人民共和国劳动争议调解仲裁法",
    date(2008, 5, 1),
)
LABOUR_RULES = Law(
    "Rules of Labour and Personnel Dispute Arbitration (2017)",
    "劳动人事争议仲裁办案规则",
    date(2017, 7, 1),
)
LAND = Law(
    "Rural Land Contract Dispute Mediation and Arbitration Law",
    "中华人民共和国农村土地承包经营纠纷调解仲裁法",
    date(2010, 1, 1),
)
MEDICAL_DISPUTES = Law(
    "Regulation on Preventing and Handling Medical Disputes",
    "医疗纠纷预防和处理条例",
    date(2018, 10, 1),
)
INFORMATION = Law(
    "Regulation on Open Government Information (2019)",
    "中华人民共和国政府信息公开条例",
    date(2019, 5, 15),
)
INVITED_MEDIATION = Law(
    "Supreme People's Court Provisions on Invited Mediation",
    "最高人民法院关于人民法院特邀调解的规定",
    date(2016, 7, 1),
)
ONLINE_MEDIATION = Law(
    "Online Mediation Rules of the People's Courts", "人民法院在线调解规则", date(2022, 1, 1)
)
DOMESTIC_VIOLENCE = Law(
    "Anti-Domestic Violence Law", "中华人民共和国反家庭暴力法", date(2016, 3, 1)
)
MIGRANT_WAGES = Law(
    "Regulation on Guaranteeing Wage Payments to Migrant Workers",
    "保障农民工工资支付条例",
    date(2020, 5, 1),
)
CONFIRMATION_2011 = Law(
    "Supreme People's Court Provisions on Judicial Confirmation of Mediation Agreements (2011)",
    "最高人民法院关于人民调解协议司法确认程序的若干规定",
    date(2011, 3, 30),
)
