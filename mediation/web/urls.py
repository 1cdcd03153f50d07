"""Pages."""

from django.urls import URLPattern, URLResolver, include, path

from mediation.web.views import (
    areas,
    demo,
    follow,
    frame,
    home,
    inbox,
    people,
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
    path("areas/", areas.areas, name="areas"),
    path("areas/<slug:area>/", areas.area, name="area"),
    path("areas/<slug:area>/unstaffed/", areas.unstaffed, name="areas_unstaffed"),
    path("areas/<slug:area>/new/", areas.new_area, name="area_new"),
    path("areas/<slug:area>/edit/", areas.edit_area, name="area_edit"),
    path("areas/<slug:area>/close/", areas.close_area, name="area_close"),
    path("areas/<slug:area>/reopen/", areas.reopen_area, name="area_reopen"),
    path("people/", people.people, name="people"),
    path("people/new/", people.new_account, name="person_new"),
    path("people/<int:person>/", people.person, name="person"),
    path("people/<int:person>/edit/", people.edit_account, name="person_edit"),
    path("people/<int:person>/password/", people.renew_password, name="person_password"),
    path("people/<int:person>/close/", people.close_account, name="person_close"),
    path("people/<int:person>/reopen/", people.reopen_account, name="person_reopen"),
    path("people/<int:person>/duty/", people.give_duty, name="duty_give"),
    path("people/duties/<int:duty>/end/", people.end_duty, name="duty_end"),
    path("people/duties/<int:duty>/deputy/", people.deputy, name="duty_deputy"),
    path("people/duties/<int:duty>/clearance/", people.clearance, name="duty_clearance"),
    # residents
    path("p/", residents.start, name="residents"),
    path("p/apply/", residents.begin, name="residents_apply"),
    path("p/apply/done/", residents.applied, name="residents_applied"),
    path("p/apply/<slug:step>/", residents.apply, name="residents_step"),
    path("p/follow/", follow.follow, name="residents_follow"),
    path("p/case/", follow.case, name="residents_case"),
    path("p/case/withdraw/", follow.withdraw, name="residents_withdraw"),
]
