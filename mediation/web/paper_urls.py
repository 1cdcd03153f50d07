"""Addresses of papers and files."""

from django.urls import URLPattern, path

from mediation.web.views import files, office_forms, papers, verify

urlpatterns: list[URLPattern] = [
    path("disputes/<str:code>/papers/", papers.listing, name="papers"),
    path("disputes/<str:code>/papers/whole/", papers.whole, name="papers_whole"),
    path("disputes/<str:code>/papers/<slug:paper>/", papers.paper, name="paper"),
    path("disputes/<str:code>/papers/<slug:paper>/pdf/", papers.pdf, name="paper_pdf"),
    path("disputes/<str:code>/papers/<slug:paper>/docx/", papers.docx, name="paper_docx"),
    path("disputes/<str:code>/papers/<slug:paper>/issue/", papers.issue, name="paper_issue"),
    path(
        "disputes/<str:code>/papers/<slug:paper>/<int:page>.png", papers.picture, name="paper_page"
    ),
    path("disputes/<str:code>/files/", files.add, name="case_files"),
    path("disputes/<str:code>/files/<int:attachment>/", files.fetch, name="case_file"),
    path("disputes/<str:code>/files/<int:attachment>/small/", files.thumb, name="case_file_thumb"),
    path(
        "disputes/<str:code>/files/<int:attachment>/withdraw/",
        files.withdraw,
        name="case_file_withdraw",
    ),
    path("office-forms/", office_forms.listing, name="office_forms"),
    path("office-forms/<slug:kind>/", office_forms.form, name="office_form"),
    path("office-forms/<slug:kind>/put/", office_forms.put, name="office_form_put"),
    path("office-forms/<slug:kind>/use/", office_forms.choose, name="office_form_choose"),
    path("office-forms/<slug:kind>/starter/", office_forms.starter, name="office_form_starter"),
    path(
        "office-forms/<slug:kind>/<int:document>/",
        office_forms.version,
        name="office_form_version",
    ),
    path("v/", verify.ask, name="verify_ask"),
    path("v/<str:code>", verify.verify, name="verify"),
]
