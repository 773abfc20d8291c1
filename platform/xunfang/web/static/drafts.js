/* Drafts and unsent reports, kept on this device only, per account and per report, for at most seven days.
   Every form that is opened has a key of its own: what is filled in on one never takes the place of another. */
(function () {
  "use strict";
  var PREFIX = "xunfang-draft:";
  var DAYS = 7;  /* photos that wait for a report are kept a day longer, see actions/leftovers.py */
  var FINAL = [404, 409, 422];
  var account = document.body.getAttribute("data-account") || "";
  var mine = PREFIX + account + ":";

  function key(draft) { return mine + draft.form + ":" + draft.submission; }

  function path(draft) { return draft.form.charAt(0) === "/" ? draft.form : "/forms/" + draft.form; }

  function write(draft) {
    draft.at = Date.now();
    try { localStorage.setItem(key(draft), JSON.stringify(draft)); return true; } catch (problem) { return false; }
  }

  function drop(draft) { localStorage.removeItem(key(draft)); }

  function each(act) {
    Object.keys(localStorage).filter(function (name) { return name.indexOf(PREFIX) === 0; }).forEach(function (name) {
      var draft = null;
      try { draft = JSON.parse(localStorage.getItem(name)); } catch (problem) { draft = null; }
      act(name, draft);
    });
  }

  function clear(test) {
    each(function (name, draft) { if (!draft || test(draft)) { localStorage.removeItem(name); } });
  }

  /* what an earlier version kept under the form alone */
  function moveOld() {
    each(function (name, draft) {
      if (!draft || draft.form || !draft.submission) { return; }
      var rest = name.slice(PREFIX.length);
      draft.form = rest.slice(rest.indexOf(":") + 1);
      localStorage.setItem(name + ":" + draft.submission, JSON.stringify(draft));
      localStorage.removeItem(name);
    });
  }

  /* this account's drafts, of one form or of all, oldest first */
  function list(form) {
    var found = [];
    try {
      each(function (name, draft) {
        if (draft && name.indexOf(mine) === 0 && (!form || draft.form === form)) { found.push(draft); }
      });
    } catch (problem) { return []; }
    return found.sort(function (one, other) { return one.at - other.at; });
  }

  function find(form, submission) {
    return list(form).filter(function (draft) { return draft.submission === submission; })[0] || null;
  }

  /* send one that waits; answers where to go on, or "" when it was not taken */
  function post(draft, csrf) {
    var body = new URLSearchParams();
    body.append("csrf", csrf);
    body.append("submission_id", draft.submission);
    draft.entries.forEach(function (pair) { body.append(pair[0], pair[1]); });
    return fetch(path(draft), { method: "POST", body: body, credentials: "same-origin", headers: { "Accept": "application/json" } })
      .then(function (answer) {
        if (answer.status === 201) { return answer.json().then(function (data) { drop(draft); return data.location; }); }
        if (FINAL.indexOf(answer.status) >= 0) { draft.pending = false; draft.refused = true; write(draft); }
        return "";
      });
  }

  try {
    moveOld();
    clear(function (draft) { return Date.now() - draft.at > DAYS * 86400000; });
    var sent = document.querySelector("[data-sent]");
    if (sent) { clear(function (draft) { return draft.submission === sent.getAttribute("data-sent"); }); }
    var token = document.querySelector("form.leave input[name=csrf]");
    if (sent && token) {  /* there is a signal: others that waited go out as well */
      list("").filter(function (draft) { return draft.pending; }).forEach(function (draft) {
        post(draft, token.value).catch(function () { /* it waits on */ });
      });
    }
  } catch (problem) { /* storage is switched off: the form works without drafts */ }

  window.xunfang = window.xunfang || {};
  window.xunfang.drafts = { list: list, find: find, write: write, drop: drop, post: post };
})();
