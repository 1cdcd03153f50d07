"""Static files of the apps, without those of the engine."""

from django.contrib.staticfiles.finders import AppDirectoriesFinder


class WithoutEngineFinder(AppDirectoriesFinder):
    """Leaves viewflow's own interface out of ``collectstatic``."""

    def __init__(self, app_names: list[str] | None = None, *args: object, **kwargs: object) -> None:
        super().__init__(app_names, *args, **kwargs)
        self.apps = [name for name in self.apps if not name.startswith("viewflow")]
        self.storages = {name: self.storages[name] for name in self.apps if name in self.storages}
