"""Pages."""

from django.urls import URLPattern, URLResolver, include, path

from mediation.web.views import (
    demo,
    follow,
    frame,
    home,
    inbox,
    profile,
    register,
    residents,
    source,
    work,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("bell/", frame.bell, name="bell"),
    path("display/", frame.set_mode, name="set_mode"),
    path("source/", source.source, name="source"),
    path("i18n/", include("django.conf.urls.i18n")),
    # phone
    path("", home.home, name="home"),
    path("accounts/login/", demo.LoginView.as_view(), name="account_login"),
    path("demo/login/", demo.demo_login, name="demo_login"),
    path("work/", work.work, name="work"),
    path("register/", register.register, name="register"),
    path("register/risk/", register.risk, name="register_risk"),
    path("register/similar/", register.alike, name="register_similar"),
    path("register/done/<str:code>/", register.done, name="register_done"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/since/", inbox.since, name="inbox_since"),
    path("inbox/read/", inbox.acknowledge_all, name="inbox_read_all"),
    path("inbox/<int:seq>/read/", inbox.acknowledge, name="inbox_read"),
    path("profile/", profile.profile, name="profile"),
    path("profile/deputy/<int:duty>/", profile.deputy, name="profile_deputy"),
    # cases
    # offices
    # administration
    # residents
    path("p/", residents.start, name="residents"),
    path("p/apply/", residents.begin, name="residents_apply"),
    path("p/apply/done/", residents.applied, name="residents_applied"),
    path("p/apply/<slug:step>/", residents.apply, name="residents_step"),
    path("p/follow/", follow.follow, name="residents_follow"),
    path("p/case/", follow.case, name="residents_case"),
    path("p/case/withdraw/", follow.withdraw, name="residents_withdraw"),
]
