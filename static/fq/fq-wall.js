/* Fengqiao: the screen on the wall. Asks every ten seconds, pages by itself, keeps what it knew last.

   The key comes in the fragment of the address, which no server sees, and travels in a header. No cookie
   is sent. What a screen keeps on the device are its key and its last, masked panels. */
(() => {
  "use strict";

  const ASK_EVERY = 10000;
  const ASK_AGAIN = 4000;
  const PATIENCE = 15000;
  const OLD_AFTER = 40000;
  const PAGE_EVERY = 20000;
  /* How long a red alert has the whole screen when it is new, how often it takes it again, and for how long. */
  const ALARM_FIRST = 60000;
  const ALARM_EVERY = 300000;
  const ALARM_AGAIN = 20000;
  const KEY = "fq-wall-key";
  const LAST = "fq-wall-last";

  let body;
  let key = "";
  let last = null;
  let heardAt = -Infinity;
  let ageThen = 0;
  let failures = 0;
  let askTimer = 0;
  let at = 0;
  let paused = false;
  let clockShift = 0;
  let alarmed = "";
  let alarmedAt = 0;

  const $ = (id) => document.getElementById(id);
  const word = (name) => document.querySelector(`[data-word="${name}"]`).textContent;

  /* A kiosk may forbid storage: then the screen works until it is switched off. */
  const kept = {
    get(name) {
      try {
        return localStorage.getItem(name) || "";
      } catch {
        return "";
      }
    },
    set(name, value) {
      try {
        if (value) localStorage.setItem(name, value);
        else localStorage.removeItem(name);
      } catch {
        /* Nothing is kept. */
      }
    },
  };

  /* The key -------------------------------------------------------------------------------- */

  function takeKey() {
    const given = decodeURIComponent(location.hash.slice(1)).trim();
    if (given) {
      key = given;
      kept.set(KEY, key);
      history.replaceState(null, "", location.pathname);
    } else if (!key) key = kept.get(KEY);
  }

  function close(why, detail) {
    key = "";
    last = null;
    kept.set(KEY, "");
    kept.set(LAST, "");
    clearTimeout(askTimer);
    $("wall-panels").replaceChildren();
    $("wall-area").textContent = "";
    $("wall-at").textContent = "–";
    $("wall-pages").replaceChildren();
    $("wall-link").textContent = "";
    $("wall-stale").hidden = true;
    $("wall-door").hidden = false;
    $("wall-door-why").textContent = detail || word("none");
    body.dataset.state = why;
  }

  function connect(event) {
    event.preventDefault();
    const typed = $("wall-key").value.trim();
    $("wall-key").value = "";
    if (!typed) return;
    key = typed.includes("#") ? typed.slice(typed.indexOf("#") + 1) : typed;
    kept.set(KEY, key);
    start();
  }

  /* Asking --------------------------------------------------------------------------------- */

  async function ask() {
    clearTimeout(askTimer);
    if (!key) return;
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), PATIENCE);
    try {
      const answer = await fetch(`${body.dataset.data}?lang=${document.documentElement.lang}`, {
        headers: { Accept: "application/json", Authorization: `Bearer ${key}` },
        credentials: "omit",
        cache: "no-store",
        redirect: "error",
        signal: patience.signal,
      });
      if (answer.status === 401) {
        const refusal = await answer.json();
        return close(refusal.code, refusal.detail);
      }
      if (!answer.ok) throw new Error(String(answer.status));
      heard(await answer.json());
    } catch {
      failures += 1;
    } finally {
      clearTimeout(timer);
    }
    askTimer = setTimeout(ask, failures ? ASK_AGAIN : ASK_EVERY * (0.9 + Math.random() / 5));
    watch();
  }

  function heard(news) {
    failures = 0;
    heardAt = performance.now();
    ageThen = news.age * 1000;
    clockShift = Date.parse(news.now) - Date.now();
    kept.set(LAST, JSON.stringify({ ...news, owner: key.slice(0, 16) }));
    show(news);
    if (news.build !== body.dataset.build) renew();
  }

  /* Another version of the page: load it, but only when it is there to be had. */
  async function renew() {
    if (sessionStorage.getItem("fq-wall-build") === body.dataset.build) return; /* loaded once already */
    try {
      const answer = await fetch(location.pathname, { cache: "reload", credentials: "omit" });
      if (!answer.ok) return;
      sessionStorage.setItem("fq-wall-build", body.dataset.build);
      location.reload();
    } catch {
      /* The next answer brings it up again. */
    }
  }

  function remember() {
    try {
      const news = JSON.parse(kept.get(LAST));
      if (news.owner === key.slice(0, 16)) show(news);
    } catch {
      /* Nothing was kept. */
    }
  }

  /* Showing -------------------------------------------------------------------------------- */

  function show(news) {
    if (!last || last.html !== news.html) $("wall-panels").innerHTML = news.html;
    last = news;
    $("wall-door").hidden = true;
    $("wall-area").textContent = news.area;
    $("wall-at").textContent = clock(new Date(news.at));
    document.title = `${news.area} · ${news.screen}`;
    body.dataset.state = "on";
    alarm();
    turn(0);
  }

  /* What nobody has acknowledged is always in sight: over everything at first and every five minutes, else as a
     band above the panels, for a wall that shows nothing but one alert is no wall. */
  function alarm() {
    const lines = [...document.querySelectorAll("#wall-alarm strong")].map((line) => line.textContent);
    const fresh = lines.some((line) => !alarmed.includes(line));
    alarmed = lines.join("\n");
    if (fresh) alarmedAt = performance.now();
    const since = performance.now() - alarmedAt;
    const whole = since < ALARM_FIRST || since % ALARM_EVERY < ALARM_AGAIN;
    body.dataset.alarm = lines.length ? (whole ? "whole" : "band") : "";
  }

  function panels() {
    return [...document.querySelectorAll(".wall-panel")];
  }

  function wide() {
    return window.matchMedia("(min-aspect-ratio: 5/2)").matches ? 2 : 1;
  }

  function turn(step) {
    const all = panels();
    if (!all.length) return;
    const together = wide();
    const pages = Math.ceil(all.length / together);
    at = (at + step + pages) % pages;
    all.forEach((panel, number) => panel.classList.toggle("is-on", Math.floor(number / together) === at));
    const dots = [...Array(pages)].map((_, number) => {
      const dot = document.createElement("i");
      dot.className = number === at ? "wall-page is-on" : "wall-page";
      return dot;
    });
    $("wall-pages").replaceChildren(...dots, paused ? ` ${word("paused")}` : "");
  }

  function clock(date) {
    return date.toLocaleTimeString("zh-CN", { hour12: false, timeZone: "Asia/Shanghai" });
  }

  /* Every second: what time it is, how old the data is, how long an alert may still wait. */
  function watch() {
    const now = new Date(Date.now() + clockShift);
    $("wall-time").textContent = clock(now);
    $("wall-date").textContent = now.toLocaleDateString(document.documentElement.lang, {
      month: "long", day: "numeric", weekday: "long", timeZone: "Asia/Shanghai",
    });
    for (const limit of document.querySelectorAll(".wall-limit")) {
      const minutes = Math.round((Date.parse(limit.dataset.until) - now) / 60000);
      const span = `${Math.floor(Math.abs(minutes) / 60)}:${String(Math.abs(minutes) % 60).padStart(2, "0")}`;
      limit.textContent = minutes < 0 ? `${word("late")} ${span}` : `${word("left")} ${span}`;
    }
    if (!key) return;
    if (last && Date.parse(last.expires) <= now) return close("expired", word("expired"));
    alarm();
    judge();
  }

  function judge() {
    const isOld = performance.now() - heardAt + ageThen > OLD_AFTER;
    const why = failures > 1 || (failures && !last) ? "lost" : isOld && last ? "old" : last && last.stopped ? "stopped" : "";
    body.dataset.link = why || "live";
    $("wall-link").textContent = last ? word(why === "lost" ? "lost" : "live") : word("waiting");
    const banner = $("wall-stale");
    banner.hidden = !why;
    if (!why) return;
    $("wall-stale-why").textContent = last ? word(why) : word("waiting");
    $("wall-stale-at").textContent = last ? clock(new Date(last.at)) : "–";
  }

  function press(event) {
    if (event.target.tagName === "INPUT") return;
    if (event.key === "ArrowRight") turn(1);
    else if (event.key === "ArrowLeft") turn(-1);
    else if (event.key === " ") {
      event.preventDefault();
      paused = !paused;
      turn(0);
    }
  }

  function start() {
    if (!key) return close("none");
    remember();
    judge();
    ask();
  }

  document.addEventListener("DOMContentLoaded", () => {
    body = document.body;
    takeKey();
    $("wall-form").addEventListener("submit", connect);
    document.addEventListener("keydown", press);
    window.addEventListener("resize", () => turn(0));
    window.addEventListener("online", ask);
    window.addEventListener("hashchange", () => {
      takeKey();
      start();
    });
    setInterval(watch, 1000);
    setInterval(() => paused || turn(1), PAGE_EVERY);
    if (navigator.serviceWorker) navigator.serviceWorker.register(body.dataset.worker, { scope: location.pathname }).catch(() => {});
    watch();
    start();
  });
})();
