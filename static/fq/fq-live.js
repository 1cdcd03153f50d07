/* Fengqiao: the wake-up. A socket says that something happened; the page asks again over HTTP. */
(() => {
  "use strict";

  const RETRY_FIRST = 1000;
  const RETRY_LAST = 30000;
  const RETRY_REFUSED = 5 * 60000;
  const HEARTBEAT = 30000;
  const POLL_EVERY = 10000;
  const POLL_AFTER_FAILURES = 2;
  const GATHER = 150;
  const ALARMS = { red: "notice-red", orange: "notice-orange" };

  let body;
  let latest = 0;
  let socket = null;
  let failures = 0;
  let stopped = false;
  let retryTimer = 0;
  let pollTimer = 0;
  let beatTimer = 0;
  let gatherTimer = 0;
  const gathered = new Set();

  function show(state) {
    const chip = document.getElementById("fq-status");
    if (!chip || chip.dataset.state === state) return;
    chip.dataset.state = state;
    chip.title = window.fq.word(state);
    chip.querySelector(".fq-status-word").textContent = window.fq.word(state);
  }

  /* A notice that was seen is not shown again, whichever way it comes. */
  function take(notice) {
    if (!(notice.seq > latest)) return;
    latest = notice.seq;
    gathered.add(notice.dispute || "");
    document.dispatchEvent(new CustomEvent("fq:notice", { detail: notice }));
    const alarm = ALARMS[String(notice.level || "").toLowerCase()];
    if (alarm) window.fq.toast(window.fq.word(alarm), { level: notice.level.toLowerCase(), href: body.dataset.inbox });
    if (!gatherTimer) gatherTimer = setTimeout(refresh, GATHER);
  }

  function refresh() {
    gatherTimer = 0;
    for (const element of document.querySelectorAll("[data-live]")) {
      if (concerns(element)) element.dispatchEvent(new CustomEvent("fq:refresh"));
    }
    gathered.clear();
  }

  function concerns(element) {
    const tokens = element.dataset.live.split(/\s+/);
    return tokens.includes("any") || (tokens.includes("dispute") && gathered.has(element.dataset.dispute));
  }

  function connect() {
    clearTimeout(retryTimer);
    if (stopped || socket) return;
    if (!navigator.onLine) return show("offline");
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const opening = new WebSocket(`${scheme}//${location.host}/ws/inbox/`);
    socket = opening;
    opening.addEventListener("open", opened);
    opening.addEventListener("message", received);
    opening.addEventListener("close", (event) => opening === socket && closed(event.code));
  }

  function opened() {
    failures = 0;
    stopPolling();
    show("live");
    resume();
    clearInterval(beatTimer);
    beatTimer = setInterval(resume, HEARTBEAT);
  }

  /* The same question opens the talk, proves that the line is alive, and fills every gap. */
  function resume() {
    if (socket && socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ type: "resume", after: latest }));
  }

  function received(event) {
    let frame;
    try {
      frame = JSON.parse(event.data);
    } catch {
      return; /* An unreadable frame says nothing; the next resume brings what it meant. */
    }
    if (frame.type === "notice") take(frame);
  }

  function closed(code) {
    socket = null;
    clearInterval(beatTimer);
    if (code === 4401 || code === 4403) return signedOut();
    failures += 1;
    if (!navigator.onLine) show("offline");
    else if (failures < POLL_AFTER_FAILURES) show("reconnecting");
    else startPolling();
    const wait = code === 4429 ? RETRY_REFUSED : Math.min(RETRY_LAST, RETRY_FIRST * 2 ** (failures - 1));
    retryTimer = setTimeout(connect, wait * (0.5 + Math.random()));
  }

  function signedOut() {
    stopped = true;
    clearTimeout(retryTimer);
    stopPolling();
    show("signedout");
    const href = `${body.dataset.login}?next=${encodeURIComponent(location.pathname + location.search)}`;
    window.fq.toast(window.fq.word("sign-in-again"), { level: "error", href, label: window.fq.word("sign-in") });
  }

  /* Government proxies often swallow sockets: then ask every ten seconds. */
  function startPolling() {
    if (pollTimer) return;
    pollTimer = setInterval(poll, POLL_EVERY);
    poll();
  }

  function stopPolling() {
    clearInterval(pollTimer);
    pollTimer = 0;
  }

  async function poll() {
    if (document.hidden) return;
    try {
      const answer = await fetch(`/inbox/since/?after=${latest}`, { headers: { Accept: "application/json" }, credentials: "same-origin" });
      if (answer.status === 401 || answer.status === 403 || answer.redirected) return signedOut();
      if (!answer.ok) throw new Error(String(answer.status));
      const page = await answer.json();
      page.notices.forEach(take);
      latest = Math.max(latest, page.last);
      if (pollTimer) show("polling");
    } catch {
      show(navigator.onLine ? "reconnecting" : "offline");
    }
  }

  /* Back from the pocket or out of the tunnel: do not wait for the timer. */
  function awake() {
    if (stopped || document.hidden) return;
    if (socket) resume();
    else connect();
    if (pollTimer) poll();
  }

  document.addEventListener("DOMContentLoaded", () => {
    body = document.body;
    if (!body.dataset.seq) return;
    latest = Number(body.dataset.seq);
    document.addEventListener("visibilitychange", awake);
    window.addEventListener("online", awake);
    window.addEventListener("offline", () => show("offline"));
    window.addEventListener("pagehide", () => socket && socket.close());
    window.addEventListener("pageshow", (event) => event.persisted && awake());
    connect();
  });
})();
