import json
from datetime import date

import pytest

from mediation.deadlines import yearplan
from mediation.deadlines.calendar import statutory_days
from mediation.deadlines.words import DeadlineError
from mediation.deadlines.yearplan import Rest, YearPlan

RANGES = {
    "year": 2027,
    "notices": ["国办发明电〔2026〕1号"],
    "rest": [
        {"name": "元旦", "from": "2027-01-01", "to": "2027-01-03"},
        {"name": "春节", "from": "2027-02-05", "to": "2027-02-11"},
        {"name": "清明节", "from": "2027-04-03", "to": "2027-04-05"},
        {"name": "劳动节", "from": "2027-05-01", "to": "2027-05-05"},
        {"name": "端午节", "from": "2027-06-09", "to": "2027-06-09"},
        {"name": "中秋节", "from": "2027-09-15", "to": "2027-09-15"},
        {"name": "国庆节", "from": "2027-10-01", "to": "2027-10-07"},
    ],
    "work": ["2027-02-14", "2027-05-08", "2027-10-09"],
}


def plan(**changed):
    return yearplan.from_json(json.dumps(RANGES | changed))


def rests(*changed):
    return {"rest": [*RANGES["rest"], *changed]}


def problems_of(plan):
    with pytest.raises(DeadlineError) as caught:
        yearplan.check(plan, statutory=statutory_days(plan.year))
    return [reason.en for reason in caught.value.reasons]


def test_plan_survives_writing_and_reading():
    one = plan()

    assert yearplan.from_json(json.dumps(one.as_json)) == one
    assert one.as_json == RANGES


def test_list_of_days_reads_as_the_same_plan():
    days = [
        {"name": name, "date": str(day), "isOffDay": True} for day, name in plan().rest_days.items()
    ]
    days += [{"name": "春节", "date": day, "isOffDay": False} for day in RANGES["work"]]
    public = {"year": 2027, "papers": RANGES["notices"], "days": days}

    assert yearplan.from_json(json.dumps(public)) == plan()


def test_csv_reads_as_the_same_plan():
    rows = [f"{day},休,{name}" for day, name in plan().rest_days.items()]
    rows += [f"{day},班," for day in RANGES["work"]]

    read = yearplan.from_csv("date,kind,name\n" + "\n".join(rows), notices=RANGES["notices"])

    assert read == plan()


def test_plausible_plan_passes():
    yearplan.check(plan(), statutory=statutory_days(2027))


def test_days_of_the_december_before_belong_to_the_plan():
    early = plan(**rests({"name": "元旦", "from": "2026-12-31", "to": "2026-12-31"}))

    yearplan.check(early, statutory=statutory_days(2027))


@pytest.mark.parametrize("form", ["{:%Y/%-m/%-d}", "{:%Y年%-m月%-d日}", "{:%Y.%m.%d}"])
def test_csv_of_a_spreadsheet_program_reads_as_the_same_plan(form):
    rows = [f"{form.format(day)},放假,{name}" for day, name in plan().rest_days.items()]
    rows += [f"{form.format(date.fromisoformat(day))},上班," for day in RANGES["work"]]

    read = yearplan.from_csv("日期,类型,名称\n" + "\n".join(rows), notices=RANGES["notices"])

    assert read == plan()


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"notices": []}, "Say which State Council notice this is."),
        (
            {"work": ["2027-02-14", "2027-02-14"]},
            "A make-up working day is named twice.",
        ),
        (
            {"work": ["2027-03-02"]},
            "2027-03-02 (Tuesday) cannot be a make-up working day: it is a weekday or a day off.",
        ),
        (
            {"work": ["2027-05-01"]},
            "2027-05-01 (Saturday) cannot be a make-up working day: it is a weekday or a day off.",
        ),
        ({"work": ["2028-01-01"]}, "2028-01-01 (Saturday) is not in 2027."),
        (
            rests({"name": "国庆节", "from": "2027-10-07", "to": "2027-10-08"}),
            "Two ranges of days off overlap at 2027-10-07 (Thursday).",
        ),
        (
            rests({"name": "国庆节", "from": "2027-11-07", "to": "2027-11-06"}),
            (
                "A range of days off needs a name and must not end before it begins: "
                "2027-11-07 (Sunday)."
            ),
        ),
        (
            {"rest": [rest for rest in RANGES["rest"] if rest["name"] != "端午节"]},
            (
                "2027-06-09 (Wednesday) (端午节) is a statutory holiday "
                "but not a day off in this file."
            ),
        ),
    ],
)
def test_impossible_plan_is_refused_with_its_reason(changed, problem):
    assert problems_of(plan(**changed)) == [problem]


def test_all_problems_are_told_at_once():
    assert len(problems_of(plan(notices=[], work=["2027-03-02"]))) == 2


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", "7", '{"year": "x", "rest": [], "work": []}', '{"days": [{}]}']
)
def test_other_json_is_refused(text):
    with pytest.raises(DeadlineError, match="not a calendar of one year"):
        yearplan.from_json(text)


@pytest.mark.parametrize(
    "row", ["2027-13-01,rest,元旦", "2027-01-01,holiday,元旦", "2027-01-01", ",,"]
)
def test_other_csv_is_refused(row):
    with pytest.raises(DeadlineError, match="Line 2 is not"):
        yearplan.from_csv(f"date,kind,name\n{row}\n", notices=["test"])


def test_csv_without_a_day_off_is_refused():
    with pytest.raises(DeadlineError, match="names no day off"):
        yearplan.from_csv("date,kind,name\n2027-02-14,work,\n", notices=["test"])


def test_grouped_joins_consecutive_days_of_one_name():
    days = {date(2027, 1, 2): "元旦", date(2027, 1, 1): "元旦", date(2027, 1, 3): "春节"}

    assert yearplan.grouped(days) == (
        Rest("元旦", date(2027, 1, 1), date(2027, 1, 2)),
        Rest("春节", date(2027, 1, 3), date(2027, 1, 3)),
    )


def test_statutory_days_before_the_revision_of_2024_leave_out_eve_and_2_may():
    days = statutory_days(2019)

    assert date(2019, 2, 4) not in days
    assert date(2019, 5, 2) not in days
    assert len(days) == 11


def test_a_plan_is_a_value():
    assert plan() == YearPlan(plan().year, plan().notices, plan().rests, plan().work)
