/* Small comforts on every page; all of them work without it. */
(function () {
  "use strict";

  /* a second press does not send twice */
  document.addEventListener("submit", function (event) {
    if (event.defaultPrevented || event.target.method !== "post") { return; }
    if (event.target.target || event.submitter && event.submitter.formTarget) { return; }  /* this page stays */
    window.setTimeout(function () {
      Array.prototype.forEach.call(event.target.querySelectorAll("button"), function (button) { button.disabled = true; });
    }, 0);
  });
  window.addEventListener("pageshow", function (event) {
    if (!event.persisted) { return; }
    Array.prototype.forEach.call(document.querySelectorAll("form button[disabled]"), function (button) { button.disabled = false; });
  });

  /* a page that is made to be printed */
  var print = document.querySelector("[data-print]");
  if (print) {
    print.hidden = false;
    print.addEventListener("click", function () { window.print(); });
  }

  /* leaving takes the drafts of this device along, so that the next person does not find them */
  var leave = document.querySelector("form.leave");
  if (leave) {
    leave.addEventListener("submit", function () {
      try {
        Object.keys(localStorage).filter(function (name) { return name.indexOf("xunfang-draft:") === 0; }).forEach(function (name) {
          var draft = JSON.parse(localStorage.getItem(name));
          if (!draft || !draft.pending) { localStorage.removeItem(name); }
        });
      } catch (problem) { /* storage is switched off */ }
    });
  }

  /* on a phone the menu is a strip: the page that is open comes into sight */
  var strip = document.querySelector(".side .daily");
  var here = strip && strip.querySelector("a[aria-current]");
  if (here) {
    var place = here.getBoundingClientRect();
    strip.scrollLeft += place.left - strip.getBoundingClientRect().left - (strip.clientWidth - place.width) / 2;
  }

  /* a picture wider than the screen begins where the flow does; whoever moves it finds the rest */
  Array.prototype.forEach.call(document.querySelectorAll(".drawing-box"), function (box) {
    var begin = box.querySelector(".card-start");
    if (!begin || box.scrollWidth <= box.clientWidth) { return; }
    var at = begin.getBoundingClientRect();
    box.scrollLeft += at.left - box.getBoundingClientRect().left - (box.clientWidth - at.width) / 2;
    box.classList.add("wider");
  });

  /* whoever fills in a long form is there, though no page is fetched: say so while something is typed, at most every five minutes */
  var EVERY = 5 * 60 * 1000;
  var told = Date.now();
  var token = document.querySelector("form.leave input[name=csrf]");
  if (token) {
    document.addEventListener("input", function () {
      if (Date.now() - told < EVERY) { return; }
      told = Date.now();
      fetch("/stay", { method: "POST", credentials: "same-origin", headers: { "X-Csrf-Token": token.value, "Accept": "application/json" } })
        .catch(function () { /* no signal: the draft is kept on the device */ });
    });
  }

  /* filters act at once */
  var filters = document.querySelector("form.filters[data-at-once]");
  if (filters) {
    filters.addEventListener("change", function () { filters.submit(); });
    var press = filters.querySelector("button");
    if (press) { press.hidden = true; }
  }

  /* whoever has never opened the guide on this device is told of it; printed, it shows every answer */
  var hint = document.querySelector("[data-first-visit]"), guide = document.querySelector("[data-guide]");
  try {
    if (guide) { localStorage.setItem("xunfang-guide-opened", "1"); }
    if (hint) { hint.hidden = localStorage.getItem("xunfang-guide-opened") === "1"; }
  } catch (problem) { /* storage is switched off */ }
  if (guide) {
    window.addEventListener("beforeprint", function () {
      Array.prototype.forEach.call(guide.querySelectorAll("details"), function (each) { each.open = true; });
    });
  }

  /* what was filled in without a signal and its page closed: every page says so until it is sent */
  try {
    var mine = "xunfang-draft:" + document.body.getAttribute("data-account") + ":";
    var main = document.getElementById("main");
    var shown = window.location.pathname + window.location.search;
    var isShown = function (path) { return window.location.pathname === path || shown === path || shown.indexOf(path + "&") === 0; };
    Object.keys(localStorage).filter(function (name) { return name.indexOf(mine) === 0; }).forEach(function (name) {
      var draft = JSON.parse(localStorage.getItem(name));
      var path = draft && draft.form || name.slice(mine.length);
      path = path.charAt(0) === "/" ? path : "/forms/" + path;
      if (!draft || !(draft.pending || draft.refused) || !main || isShown(path) || document.querySelector("[data-sent]")) { return; }
      var note = document.createElement("p");
      var link = document.createElement("a");
      note.className = "note warn";
      note.setAttribute("role", "status");
      note.textContent = draft.refused ? "有一份填报没有被接受，要改一改再提交。" : "有一份填报还没有发出。";
      link.href = path + (path.indexOf("?") < 0 ? "?" : "&") + "draft=" + encodeURIComponent(draft.submission);
      link.textContent = draft.refused ? "打开修改" : "打开并发送";
      note.append(link);
      main.prepend(note);
    });
  } catch (problem) { /* storage is switched off */ }

  /* a form whose report waits for a signal says so in the list */
  Array.prototype.forEach.call(document.querySelectorAll("[data-form-link]"), function (link) {
    try {
      var account = document.body.getAttribute("data-account");
      var start = "xunfang-draft:" + account + ":" + link.getAttribute("data-form-link");
      var kept = Object.keys(localStorage).filter(function (name) { return name === start || name.indexOf(start + ":") === 0; })
        .map(function (name) { return JSON.parse(localStorage.getItem(name)); });
      if (!kept.length) { return; }
      var unsent = kept.filter(function (draft) { return draft.pending; }).length;
      var mark = document.createElement("span");
      mark.className = "tag today";
      mark.textContent = unsent ? "有" + unsent + "份等待发送" : "有草稿";
      link.append(mark);
    } catch (problem) { /* storage is switched off */ }
  });
})();
