/* What is typed in the wizard for a new county is kept in this browser, for this account, until the package is taken
   along or somebody signs out, at most seven days. Without this file the steps carry it and nothing is kept. */
(function () {
  "use strict";
  var form = document.querySelector("form[data-county]");
  if (!form) { return; }
  var KEY = "xunfang-draft:" + document.body.getAttribute("data-account") + ":new-county";  /* sign-out clears it */
  var DAYS = 7;
  var NOT_KEPT = ["csrf", "step"];
  var waiting = 0;
  var done = false;
  var says = form.parentNode.querySelector("[data-kept]") || document.querySelector("[data-kept]");

  function entries() {
    return Array.from(new FormData(form)).filter(function (pair) {
      return NOT_KEPT.indexOf(pair[0]) < 0 && typeof pair[1] === "string";
    });
  }

  function keep() {
    window.clearTimeout(waiting);
    waiting = 0;
    if (done) { return; }
    var told = { form: "/studio/new-county/", submission: "new-county", at: Date.now(), step: form.getAttribute("data-county"), entries: entries() };
    try {
      localStorage.setItem(KEY, JSON.stringify(told));
      say("填的随时存在这台电脑的浏览器里，不上传；关了网页，下次打开这里接着做。下载规则包、退出登录，或者过了" + DAYS + "天就清除。");
    } catch (problem) {
      say("这个浏览器不让保存，没做完就离开的，填的不保存。");
    }
  }

  function say(text) { if (says) { says.textContent = text; } }

  function kept() {
    try {
      var found = JSON.parse(localStorage.getItem(KEY));
      return found && Date.now() - found.at < DAYS * 86400000 ? found : null;
    } catch (problem) { return null; }
  }

  function forget() {
    done = true;
    window.clearTimeout(waiting);
    try { localStorage.removeItem(KEY); } catch (problem) { /* storage is switched off */ }
  }

  /* go on where it was left: the steps are asked for with all that was typed */
  function goOn(found) {
    var again = document.createElement("form"), csrf = form.querySelector("[name=csrf]").value;
    again.method = "post";
    again.action = form.action;
    again.hidden = true;
    found.entries.concat([["csrf", csrf], ["step", found.step]]).forEach(function (pair) {
      var input = document.createElement("textarea");
      input.name = pair[0];
      input.value = pair[1];
      again.appendChild(input);
    });
    document.body.appendChild(again);
    done = true;
    again.submit();
  }

  if (form.hasAttribute("data-anew")) { forget(); done = false; }
  var found = form.hasAttribute("data-begun") ? null : kept();
  if (found && found.entries.length) { goOn(found); return; }

  if (form.hasAttribute("data-begun")) { keep(); }
  form.addEventListener("input", function () {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(keep, 200);
  });
  form.addEventListener("change", keep);
  window.addEventListener("pagehide", function () { if (waiting) { keep(); } });
  var leave = document.querySelector("form.leave");
  if (leave) { leave.addEventListener("submit", function () { done = true; }); }
  form.addEventListener("click", function (event) {
    if (event.target.closest("[data-finish]")) { forget(); done = false; waiting = 0; }
  });
})();
