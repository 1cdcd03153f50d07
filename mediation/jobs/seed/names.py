"""Parties who do not exist: the middle character 测 says so, and the ID numbers belong to nobody."""

from collections.abc import Collection, Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

from mediation.core.identity import demo_credit_code, demo_number

SURNAMES = (
    "李王张刘陈杨黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏"
    "卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙"
)
GIVEN = (
    "安宁兰强童摊衡和正清远达明辉建国志华春秀玉桂凤英霞莲菊红梅雪琴芬芳丽娟敏静洁"
    "军勇斌涛超鹏飞宇浩博文武德福贵生根发财旺林森山海江河云雨雷电星辰光亮新民"
)
# What input fields must survive: characters outside common fonts, a long name, a middle dot.
RARE = ("邓测𬭎", "周测喆", "阿依古丽·测麦提", "欧阳测㛃")
COMPANY = ("益阳测{a}{b}有限公司", "资阳区测{a}{b}店", "益阳测{a}{b}服务部")
SYLLABLES = "城安达康源泰兴盛丰和顺通佳美华信诚"
NO_NUMBER = ("拒绝提供", "未带身份证", "老人证件遗失，补办中")


def people(rng: Random, *, taken: Collection[str]) -> Iterator[str]:
    """Names without end, none twice until the stock is used up."""
    pairs = [f"{surname}测{given}" for surname in SURNAMES for given in dict.fromkeys(GIVEN)]
    pairs = [name for name in pairs if name not in taken]
    rng.shuffle(pairs)
    while True:
        yield from pairs


def adult(rng: Random, name: str, *, side: str, today: date) -> dict[str, Any]:
    """A row of the registration form for a grown-up."""
    birth = today - timedelta(days=rng.randint(20 * 366, 78 * 365))
    row = {"name": name, "side": side, "kind": "natural", "address": address(rng)}
    if rng.random() < 0.82:
        row["id_number"] = demo_number(birth, rng.randint(1, 999))
    else:
        row["no_id_reason"] = rng.choice(NO_NUMBER)
    if rng.random() < 0.8:
        row["phone"] = phone(rng)
    return row


def child(rng: Random, name: str, *, guardian: str, today: date) -> dict[str, Any]:
    """A minor who is affected and not asked; his name is sealed."""
    birth = today - timedelta(days=rng.randint(6 * 366, 15 * 365))
    return {
        "name": name,
        "side": "affected",
        "kind": "natural",
        "is_minor": True,
        "guardian": guardian,
        "is_affected_only": True,
        "relation": "子女",
        "id_number": demo_number(birth, rng.randint(1, 999)),
    }


def company(rng: Random, trade: str, *, side: str, serial: int) -> dict[str, Any]:
    a, b = rng.choice(SYLLABLES), trade
    return {
        "name": rng.choice(COMPANY).format(a=a, b=b),
        "side": side,
        "kind": "legal",
        "id_number": demo_credit_code(serial),
        "phone": f"0737-43{rng.randint(0, 99999):05d}",
        "address": address(rng),
    }


def phone(rng: Random) -> str:
    return f"{rng.choice(('139', '138'))}000000{rng.randint(0, 99):02d}"


def address(rng: Random) -> str:
    road = rng.choice(("汽车路", "枫林路", "桥南路", "新风巷", "安澜路", "长乐街", "崇文里"))
    house = f"{road}{rng.randint(1, 188)}号"
    if rng.random() < 0.6:
        house += f"{rng.randint(1, 9)}栋{rng.randint(1, 4)}单元{rng.randint(1, 18)}0{rng.randint(1, 4)}室"
    return house
