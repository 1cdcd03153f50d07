"""Addresses of the statutory reports."""

from django.urls import URLPattern, path

from mediation.web.views import filings, screening, standards

urlpatterns: list[URLPattern] = [
    path("filings/", filings.index, name="filings"),
    path("zero/", screening.zero, name="zero"),
    path("zero/report/", screening.report, name="zero_report"),
    path("screening/", screening.office, name="screening"),
    path("screening/rhythm/", screening.rhythm, name="screening_rhythm"),
    path("filings/standard/", standards.standard, name="filing_standard"),
    path("filings/filed/<int:filing>/", filings.filed, name="filing_filed"),
    path("filings/filed/<int:filing>/do/<slug:action>/", filings.step, name="filing_step"),
    path("filings/<slug:form>/", filings.form, name="filing"),
    path("filings/<slug:form>/cases/", filings.cases, name="filing_cases"),
    path("filings/<slug:form>/export/", filings.export, name="filing_export"),
    path("filings/<slug:form>/submit/", filings.submit, name="filing_submit"),
]
