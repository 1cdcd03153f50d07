"""The statutory forms by name, in the order in which the office makes them."""

from mediation.filings.forms import cases, chapter, overdue, screening, subsidy, team, workload
from mediation.filings.measures import Form

FORMS: dict[str, Form] = {
    form.name: form
    for form in (
        cases.FORM,
        team.FORM,
        screening.FORM,
        overdue.FORM,
        workload.FORM,
        subsidy.FORM,
        chapter.FORM,
    )
}
