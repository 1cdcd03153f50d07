"""The chapter in sentences: every number comes from the table, what only people know is left open."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final, NamedTuple

from mediation.documents import blocks
from mediation.documents.blocks import Block
from mediation.filings.reading import Table, rate, spoken
from mediation.filings.terms import Term

OPEN: Final = "（请结合实际情况填写。）"


class _Told(NamedTuple):
    """How the term and the one it is compared with are called."""

    whole: str
    before: str


def chapter(table: Table, area: str, term: Term) -> list[Block]:
    """Title, five sections and a table of data, in the page of an official document."""
    n = table.total
    told = _Told("全年", "上年") if term.kind == "Y" else _Told("本期", "上年同期")
    return [
        blocks.title(f"{area}{term.label}法治政府建设情况报告"),
        blocks.subtitle("（矛盾纠纷预防化解部分）"),
        blocks.head("一、矛盾纠纷排查与预警"),
        *map(blocks.para, _screening(n, told)),
        blocks.head("二、人民调解"),
        *map(blocks.para, _mediation(n, told)),
        blocks.head("三、行政复议衔接"),
        blocks.para(_reconsideration(n, told)),
        blocks.head("四、存在的问题"),
        *map(blocks.para, _problems(n)),
        blocks.head("五、下一步工作安排"),
        blocks.para(OPEN),
        blocks.head("附：数据表"),
        _data(table),
    ]


def _screening(n: Mapping[str, Any], told: _Told) -> Iterator[str]:
    yield (
        f"{told.whole}排查登记矛盾纠纷{n['screening_found']}件，涉及当事人{n['screening_people']}人，"
        f"{_change(n, told, 'screening_found')}。其中网格员排查{n['screening_by_grid']}件，各网格作零报告"
        f"{n['screening_zero']}次。已调处{n['screening_handled']}件，调处成功{n['screening_settled']}件。"
    )
    yield (
        f"发出个案风险预警{n['overdue_alerts']}次，其中红色{n['overdue_alerts_red']}次，"
        f"按时签收{n['overdue_in_time']}次{_share(n['overdue_in_time'], n['overdue_alerts'])}。"
        f"依法应当报告的事项{n['overdue_demanded']}件，已报告{n['overdue_reported']}件。"
    )


def _mediation(n: Mapping[str, Any], told: _Told) -> Iterator[str]:
    yield (
        f"现有人民调解委员会{n['team_committees']}个，在册人民调解员{n['team_mediators']}人，"
        f"其中专职{n['team_full_time']}人。"
    )
    yield (
        f"{told.whole}受理纠纷{n['cases_accepted']}件，{_change(n, told, 'cases_accepted')}；调解结束"
        f"{n['cases_ended']}件，调解成功{n['cases_succeeded']}件"
        f"{_share(n['cases_succeeded'], n['cases_ended'])}，{_change(n, told, 'cases_succeeded')}。"
        f"达成书面协议{n['cases_written']}件、口头协议{n['cases_oral']}件，协议涉及金额"
        f"{_money(n['cases_amount'])}元；已履行{n['cases_performed']}件，申请司法确认"
        f"{n['cases_confirm_filed']}件、确认有效{n['cases_confirmed']}件；回访{n['cases_visits']}次。"
    )
    yield (
        f"防止民间纠纷转化为刑事案件{n['cases_crime_cases']}件、引起自杀{n['cases_suicide_cases']}件，"
        f"防止群体性上访{n['cases_crowd_cases']}件、群体性械斗{n['cases_fight_cases']}件。"
    )


def _reconsideration(n: Mapping[str, Any], told: _Told) -> str:
    return (
        f"{told.whole}跟踪行政复议申请{n['rc_applied']}件，其中本机关为被申请人{n['rc_ours']}件；"
        f"办结{n['rc_ended']}件，其中以调解方式结案{n['rc_mediated']}件。"
    )


def _problems(n: Mapping[str, Any]) -> Iterator[str]:
    """What the numbers themselves show; the rest is for people."""
    late = n["overdue_alerts"] - n["overdue_in_time"]
    if n["overdue_ran_out"]:
        yield f"有{n['overdue_ran_out']}项办理期限届满未办。"
    if late:
        yield f"有{late}次风险预警未按时签收。"
    if n["overdue_demanded"] > n["overdue_reported"]:
        yield f"有{n['overdue_demanded'] - n['overdue_reported']}件依法应当报告的事项尚未报告。"
    if n["cases_failed"]:
        yield f"有{n['cases_failed']}件纠纷调解未成功。"
    yield OPEN


def _change(n: Mapping[str, Any], told: _Told, name: str) -> str:
    """Against the year before, in words; the share only where there is something to divide by."""
    now, ago = n[name], n[f"ago_{name}"]
    if now == ago:
        return f"与{told.before}持平"
    word = "增加" if now > ago else "减少"
    share = rate(abs(now - ago), ago)
    return f"比{told.before}{word}{abs(now - ago)}件" + (
        f"（{share}%）" if share is not None else ""
    )


def _share(part: Any, whole: Any) -> str:
    share = rate(part, whole)
    return "" if share is None else f"（占{share}%）"


def _money(amount: Any) -> str:
    return f"{Decimal(amount or 0):,.2f}"


def _data(table: Table) -> Block:
    heads = ["指标", "单位", "本期", "上年同期"]
    lines = [
        [
            f"{column.group}：{column.label}",
            column.unit,
            spoken(table.total.get(column.name), column),
            spoken(table.total[f"ago_{column.name}"], column)
            if f"ago_{column.name}" in table.total
            else "",
        ]
        for column in table.columns
        if not column.name.startswith("ago_")
    ]
    return blocks.rows(heads, lines, (9, 2, 3, 3), left=(0,))
