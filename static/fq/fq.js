/* Fengqiao: what makes a page kinder when scripts run. Every page also works without. */
(() => {
  "use strict";

  const root = document.documentElement;
  root.classList.add("js");

  const DRAFT_EVERY = 2000;
  const DRAFT_LIFE = 3 * 24 * 3600 * 1000;
  const TOAST_LIFE = 9000;
  const DRAFT_PREFIX = "fq:draft:";

  /* Words: the page carries every sentence in its own language. */
  function word(key) {
    const holder = document.getElementById("fq-words");
    const found = holder && holder.content.querySelector(`[data-word="${key}"]`);
    return found ? found.textContent : "";
  }

  function make(tag, className, text) {
    const element = document.createElement(tag);
    if (className) element.className = className;
    if (text) element.textContent = text;
    return element;
  }

  function icon(name) {
    const space = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(space, "svg");
    const use = document.createElementNS(space, "use");
    svg.setAttribute("class", "fq-icon");
    svg.setAttribute("aria-hidden", "true");
    use.setAttribute("href", `${document.body.dataset.sprite}#${name}`);
    svg.append(use);
    return svg;
  }

  /* Toasts: one region, read out politely, gone by themselves unless they are alarms. */
  const TOAST_ICONS = { red: "level-red", orange: "level-orange", error: "level-orange", warning: "level-orange", success: "check-circle" };

  function toast(text, { level = "info", href = "", label = "" } = {}) {
    const region = document.getElementById("fq-toasts");
    if (!region || !text) return;
    /* Two that lead to the same place are one, the graver: a phone has no room for both. */
    const earlier = [...region.children].find((old) => old.dataset.text === text || (href && old.dataset.href === href));
    if (earlier && earlier.dataset.level === "red" && level !== "red") return;
    if (earlier) earlier.remove();
    const box = make("div", "fq-toast");
    box.dataset.level = level;
    box.dataset.text = text;
    box.dataset.href = href;
    const close = make("button");
    close.type = "button";
    close.setAttribute("aria-label", word("close"));
    close.append(icon("close"));
    close.addEventListener("click", () => box.remove());
    box.append(icon(TOAST_ICONS[level] || "info"), make("p", "", text));
    if (href) box.append(Object.assign(make("a", "btn btn-sm btn-outline-primary", label || word("look")), { href }));
    box.append(close);
    region.append(box);
    if (level !== "red" && level !== "error") setTimeout(() => box.remove(), TOAST_LIFE);
  }

  /* “/” opens the search from anywhere; the arrows walk through what was found. */
  function searchKeys(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const typing = event.target.closest("input,textarea,select,[contenteditable]");
    if (event.key === "/" && !typing) {
      const boxes = [...document.querySelectorAll("[data-search-field],[data-search-box]")];
      const box = boxes.find((one) => one.offsetParent);
      if (!box) return;
      event.preventDefault();
      box.focus();
      box.select();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const hits = [...document.querySelectorAll("[data-hit]")];
      const at = hits.indexOf(document.activeElement);
      if (!hits.length || (at < 0 && !event.target.matches("[data-search-field],[data-search-box]"))) return;
      event.preventDefault();
      const next = at + (event.key === "ArrowDown" ? 1 : -1);
      (hits[next] || document.querySelector("[data-search-field]")).focus();
    }
  }

  /* Errors: whoever cannot see the red frame is brought to it. */
  function focusErrors(scope) {
    const summary = scope.querySelector("[data-errors]");
    if (summary) summary.focus();
  }

  function focusNamed(event) {
    const link = event.target.closest("[data-errors] a[href^='#']");
    const target = link && document.getElementById(link.hash.slice(1));
    if (!target) return;
    event.preventDefault();
    const control = target.matches("input,select,textarea") ? target : target.querySelector("input,select,textarea") || target;
    control.focus();
    control.scrollIntoView({ block: "center" });
  }

  /* Widths come as data: a style attribute would break the content policy. */
  function setWidths(scope) {
    for (const bar of scope.querySelectorAll("[data-w]")) bar.style.width = `${Math.min(100, Number(bar.dataset.w) || 0)}%`;
  }

  /* Display modes: change at once, tell the server afterwards. */
  function showMode(mode) {
    root.dataset.mode = mode;
    root.dataset.bsTheme = mode === "dark" ? "dark" : "light";
    for (const button of document.querySelectorAll("[data-mode-form] button")) button.setAttribute("aria-pressed", String(button.value === mode));
  }

  function switchMode(event) {
    const form = event.target.closest("[data-mode-form]");
    if (!form || !event.submitter) return;
    event.preventDefault();
    const data = new FormData(form);
    data.set("mode", event.submitter.value);
    showMode(event.submitter.value);
    fetch(form.action, { method: "POST", body: data, redirect: "manual", credentials: "same-origin" }).catch(() => toast(word("no-connection"), { level: "warning" }));
  }

  /* Confirmation: the sentence stands on the button that needs it. */
  function askFirst(event) {
    const control = event.target.closest("[data-confirm]");
    if (!control || control.dataset.confirmed) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    confirmed(control).then((yes) => {
      if (!yes) return;
      control.dataset.confirmed = "1";
      control.click();
      delete control.dataset.confirmed;
    });
  }

  function confirmed(control) {
    const sentence = control.dataset.confirm;
    const dialog = make("dialog", "fq-dialog");
    if (!dialog.showModal) return Promise.resolve(window.confirm(sentence));
    const title = make("h2", "", control.dataset.confirmTitle || control.textContent.trim());
    title.id = "fq-dialog-title";
    dialog.setAttribute("aria-labelledby", title.id);
    const buttons = make("div", "fq-dialog-buttons");
    const no = make("button", "btn btn-light", word("cancel"));
    const yes = make("button", "btn btn-primary", control.dataset.confirmLabel || word("confirm"));
    no.type = yes.type = "button";
    buttons.append(no, yes);
    dialog.append(title, make("p", "mb-0", sentence), buttons);
    document.body.append(dialog);
    return new Promise((resolve) => {
      yes.addEventListener("click", () => dialog.close("yes"));
      no.addEventListener("click", () => dialog.close("no"));
      dialog.addEventListener("close", () => {
        dialog.remove();
        control.focus();
        resolve(dialog.returnValue === "yes");
      });
      dialog.showModal();
      no.focus();
    });
  }

  /* A form is sent once: the second tap of an impatient thumb does nothing. */
  function markBusy(event) {
    if (event.defaultPrevented) return;
    const form = event.target;
    if (form.getAttribute("method") !== "post" || form.matches("[data-repeatable], [hx-post]")) return;
    if (form.dataset.busy) {
      event.preventDefault();
      return;
    }
    form.dataset.busy = "1";
    if (event.submitter) event.submitter.setAttribute("aria-busy", "true");
  }

  function clearBusy() {
    for (const form of document.querySelectorAll("[data-busy]")) delete form.dataset.busy;
    for (const button of document.querySelectorAll("[aria-busy='true']")) button.removeAttribute("aria-busy");
  }

  /* Drafts: kept on this device, for this person, for three days, without passwords and files. They are sealed
     with a key that comes with the page of whoever is signed in and is kept nowhere here. Without encryption
     (plain http) a draft lives as long as its tab. */
  let draftCipher = null;
  let drafts = null;

  function learnDraftKey() {
    if (drafts) return;
    const given = document.body.dataset.draftKey;
    delete document.body.dataset.draftKey;
    const works = given && self.crypto && crypto.subtle;
    if (works) draftCipher = crypto.subtle.importKey("raw", bytesOf(given), "AES-GCM", false, ["encrypt", "decrypt"]);
    drafts = works ? localStorage : sessionStorage;
  }

  const bytesOf = (text) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
  const textOf = (bytes) => btoa(Array.from(new Uint8Array(bytes), (one) => String.fromCharCode(one)).join(""));

  function draftName(name) {
    return `${DRAFT_PREFIX}${document.body.dataset.person || "visitor"}:${name}`;
  }

  function draftKey(form) {
    return draftName(form.dataset.draft);
  }

  /* The name is sealed along: a draft put under another form opens nowhere. */
  const sealing = (key, iv) => ({ name: "AES-GCM", iv, additionalData: new TextEncoder().encode(key) });

  async function sealed(key, values) {
    if (!draftCipher) return { values };
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const bytes = await crypto.subtle.encrypt(sealing(key, iv), await draftCipher, new TextEncoder().encode(JSON.stringify(values)));
    return { iv: textOf(iv), data: textOf(bytes) };
  }

  async function unsealed(key, draft) {
    if (draft.values || !draftCipher) return draft.values;
    const plain = await crypto.subtle.decrypt(sealing(key, bytesOf(draft.iv)), await draftCipher, bytesOf(draft.data));
    return JSON.parse(new TextDecoder().decode(plain));
  }

  function draftFields(form) {
    return [...form.elements].filter((field) => field.name && !/^(hidden|password|file|submit|button)$/.test(field.type) && !field.closest("[data-no-draft]"));
  }

  function readDraft(form) {
    return draftFields(form).filter((field) => !/^(checkbox|radio)$/.test(field.type) || field.checked).map((field) => [field.name, field.value]);
  }

  function stored(key) {
    try {
      const draft = JSON.parse(drafts.getItem(key));
      return draft && Date.now() - draft.at < DRAFT_LIFE ? draft : null;
    } catch {
      return null;
    }
  }

  async function keepDraft(form) {
    const values = readDraft(form);
    const spelt = JSON.stringify(values);
    if (spelt === form.fqDraft) return;
    form.fqDraft = spelt;
    try {
      const key = draftKey(form);
      const draft = await sealed(key, values);
      if (!form.isConnected || !form.dataset.draft) return; /* Discarded meanwhile. */
      drafts.setItem(key, JSON.stringify({ at: Date.now(), ...draft }));
    } catch {
      return; /* A full or forbidden store costs the draft, never the form. */
    }
    const state = form.querySelector("[data-draft-state]");
    if (state) state.textContent = `${word("draft-saved")} ${new Date().toTimeString().slice(0, 8)}`;
  }

  async function restoreDraft(form) {
    const key = draftKey(form);
    const draft = stored(key);
    if (!draft || form.querySelector("[data-errors]")) return;
    const values = await unsealed(key, draft).catch(() => drafts.removeItem(key)); /* Sealed by a key of former days. */
    if (!values || JSON.stringify(values) === JSON.stringify(readDraft(form))) return;
    fill(form, values);
    noteDraft(form);
  }

  /* Put pairs of name and value back where they came from, in rows that are added as needed. */
  function fill(form, values) {
    addMissingRows(form, values);
    const waiting = new Map();
    for (const [name, value] of values) waiting.set(name, [...(waiting.get(name) || []), value]);
    for (const field of draftFields(form)) restoreField(field, waiting.get(field.name) || []);
    form.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function restoreField(field, values) {
    if (/^(checkbox|radio)$/.test(field.type)) field.checked = values.includes(field.value);
    else if (field.type === "select-multiple") for (const option of field.options) option.selected = values.includes(option.value);
    else if (values.length) field.value = values.shift();
  }

  function addMissingRows(form, values) {
    for (const group of form.querySelectorAll("[data-rows]")) {
      const numbers = values.map(([name]) => name.match(new RegExp(`^${group.dataset.rows}-(\\d+)-`))).filter(Boolean).map((found) => Number(found[1]) + 1);
      const needed = Math.max(0, ...numbers);
      while (total(group) && Number(total(group).value) < needed && addRow(group, false));
    }
  }

  function noteDraft(form) {
    const note = make("div", "fq-draft-note");
    note.setAttribute("role", "status");
    const discard = make("button", "btn btn-sm btn-light", word("draft-discard"));
    discard.type = "button";
    discard.addEventListener("click", () => {
      drafts.removeItem(draftKey(form));
      delete form.dataset.draft;
      location.reload();
    });
    note.append(icon("info"), make("span", "", word("draft-restored")), discard);
    form.prepend(note);
  }

  async function watchDraft(form) {
    if (form.fqWatched) return;
    form.fqWatched = true;
    await restoreDraft(form);
    form.fqDraft = JSON.stringify(readDraft(form));
    const timer = setInterval(() => (form.isConnected && form.dataset.draft ? keepDraft(form) : clearInterval(timer)), DRAFT_EVERY);
  }

  function forgetDone() {
    for (const done of document.querySelectorAll("[data-draft-done]")) {
      for (const name of done.dataset.draftDone.split(/\s+/)) drafts.removeItem(draftName(name));
    }
  }

  function forgetAll() {
    for (const key of Object.keys(drafts)) if (key.startsWith(DRAFT_PREFIX)) drafts.removeItem(key);
  }

  function forgetOld() {
    for (const key of Object.keys(drafts).filter((name) => name.startsWith(DRAFT_PREFIX))) {
      const draft = stored(key);
      if (!draft) drafts.removeItem(key);
      else if (draftCipher && draft.values) sealed(key, draft.values).then((made) => drafts.setItem(key, JSON.stringify({ at: draft.at, ...made })));
    }
  }

  /* Repeated rows: a formset grows from its template; a removed row stays out of sight or goes. */
  function total(group) {
    const scope = group.closest("form") || document;
    return scope.querySelector(`[name="${group.dataset.rows}-TOTAL_FORMS"]`);
  }

  function addRow(group, focus = true) {
    const pattern = group.querySelector("template[data-row-template]");
    const count = total(group);
    if (!pattern || !count) return false;
    const limit = Number(group.dataset.rowsMax || 20);
    if (Number(count.value) >= limit) return false;
    const holder = document.createElement("div");
    holder.innerHTML = pattern.innerHTML.replaceAll("__prefix__", count.value);
    const row = holder.firstElementChild;
    count.value = String(Number(count.value) + 1);
    pattern.before(row);
    if (focus) (row.querySelector("input:not([type=hidden]),select,textarea") || row).focus();
    return true;
  }

  function removeRow(row) {
    const group = row.closest("[data-rows]");
    const mark = row.querySelector("[name$='-DELETE']");
    if (mark) {
      mark.checked = true;
      row.hidden = true;
    } else {
      row.remove();
    }
    const add = group.querySelector("[data-row-add]");
    if (add) add.focus();
  }

  function changeRows(event) {
    const add = event.target.closest("[data-row-add]");
    if (add) addRow(add.closest("[data-rows]"));
    const remove = event.target.closest("[data-row-remove]");
    if (remove) removeRow(remove.closest("[data-row]"));
  }

  /* What only one answer of a form needs: data-when="outcome=again|ended". What is amiss is never hidden. */
  function showNeeded(form) {
    for (const part of form.querySelectorAll("[data-when]")) {
      const [name, wanted] = part.dataset.when.split("=");
      const chosen = form.querySelector(`[name="${name}"]:checked, select[name="${name}"]`);
      part.hidden = !(chosen && wanted.split("|").includes(chosen.value)) && !part.querySelector("[aria-invalid]");
    }
  }

  /* Who has asked about everything else says so once. */
  function answerRest(event) {
    const group = event.target.closest("[data-rest]")?.closest(".fq-questions");
    if (!group) return;
    for (const open of group.querySelectorAll('[value="unknown"]:checked')) {
      const no = open.closest("fieldset").querySelector('[value="no"]');
      if (no) no.checked = true;
    }
    group.dispatchEvent(new Event("change", { bubbles: true }));
  }

  /* What was chosen, by name, beside our own button. */
  function namePicked(event) {
    const names = event.target.closest(".fq-pick")?.querySelector("[data-picked]");
    if (names) names.textContent = [...event.target.files].map((file) => file.name).join(word("comma")) || word("nothing-chosen");
  }

  /* Menus made of <details> close when the attention goes elsewhere. */
  function closeMenus(event) {
    for (const menu of document.querySelectorAll(".fq-menu[open]")) {
      if (event.key === "Escape" || (event.type === "click" && !menu.contains(event.target))) {
        menu.open = false;
        if (event.key) menu.querySelector("summary").focus();
      }
    }
  }

  /* The large library is fetched only by pages that use it. */
  function loadBootstrap() {
    if (window.bootstrap || root.dataset.bootstrapAsked || !document.querySelector("[data-bs-toggle]")) return;
    root.dataset.bootstrapAsked = "1";
    document.head.append(Object.assign(document.createElement("script"), { src: document.body.dataset.bootstrap }));
  }

  /* Fragments: a thin line after 300 ms, one sentence when it fails, the bell's number everywhere. */
  let running = 0;
  let slow = 0;

  function began() {
    running += 1;
    if (running === 1) slow = setTimeout(() => root.setAttribute("data-loading", ""), 300);
  }

  function ended() {
    running = Math.max(0, running - 1);
    if (running) return;
    clearTimeout(slow);
    root.removeAttribute("data-loading");
  }

  function failed(event) {
    const status = event.detail.xhr ? event.detail.xhr.status : 0;
    if (!status && !navigator.onLine) return; /* The bar above says so already. */
    const sentences = { 0: "no-connection", 403: "forbidden", 409: "conflict" };
    toast(word(sentences[status] || "request-failed"), { level: "warning" });
  }

  function mirrorBell() {
    const bell = document.getElementById("fq-bell");
    if (!bell) return;
    for (const count of document.querySelectorAll("[data-mirror='unread']")) {
      count.textContent = bell.dataset.unread;
      count.hidden = !bell.dataset.unread;
    }
  }

  function enhance(scope) {
    learnDraftKey();
    setWidths(scope);
    for (const form of scope.querySelectorAll("form[data-draft]")) watchDraft(form);
    for (const form of scope.querySelectorAll("form")) showNeeded(form);
    loadBootstrap();
  }

  /* A navigation longer than the screen begins where one is. */
  function showPlace() {
    const here = document.querySelector(".fq-nav [aria-current]");
    if (here) here.closest(".fq-nav").scrollTop = here.offsetTop - innerHeight / 2;
  }

  function arrived(event) {
    const scope = event.detail.elt || document.body;
    enhance(scope.parentElement || scope);
    mirrorBell();
  }

  document.addEventListener("click", askFirst, true);
  document.addEventListener("click", focusNamed);
  document.addEventListener("click", changeRows);
  document.addEventListener("click", answerRest);
  document.addEventListener("change", (event) => event.target.closest("form") && showNeeded(event.target.closest("form")));
  document.addEventListener("click", closeMenus);
  document.addEventListener("change", (event) => event.target.type === "file" && namePicked(event));
  document.addEventListener("click", (event) => event.target.closest("[data-print]") && window.print());
  document.addEventListener("keydown", (event) => event.key === "Escape" && closeMenus(event));
  document.addEventListener("keydown", searchKeys);
  document.addEventListener("submit", switchMode);
  document.addEventListener("submit", markBusy);
  document.addEventListener("submit", (event) => event.target.matches("[data-forget-drafts]") && forgetAll());
  document.addEventListener("htmx:beforeRequest", began);
  document.addEventListener("htmx:afterRequest", ended);
  document.addEventListener("htmx:responseError", failed);
  document.addEventListener("htmx:sendError", failed);
  document.addEventListener("htmx:timeout", failed);
  document.addEventListener("htmx:load", arrived);
  document.addEventListener("htmx:afterSwap", (event) => focusErrors(event.detail.target));
  window.addEventListener("pageshow", clearBusy);
  document.addEventListener("DOMContentLoaded", () => {
    learnDraftKey();
    forgetDone();
    forgetOld();
    enhance(document);
    focusErrors(document);
    showPlace();
  });

  window.fq = { toast, word, fill };
})();
