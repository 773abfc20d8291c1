/* A form on the page: fields that appear by their condition, steps on a phone, drafts, and a send that survives a dead signal.
   Without this file the form is one plain page that the server judges all the same. */
(function () {
  "use strict";
  var form = document.getElementById("intake");
  if (!form) { return; }
  var drafts = window.xunfang.drafts;
  var formId = form.getAttribute("data-form");
  var fields = [];
  var steps = Array.prototype.slice.call(form.querySelectorAll("[data-step]"));
  var says = document.getElementById("draft-note");
  var narrow = window.matchMedia("(max-width: 760px)");
  var current = 0;
  var identity = form.querySelector("[name=submission_id]");
  var single = formId.charAt(0) === "/";  /* the form of one task or one report: there is no other to fill in */
  var touched = false;
  var trial = form.hasAttribute("data-trial");  /* a form of a draft of rules: nothing of it is sent on or kept */

  function gather() { fields = Array.prototype.slice.call(form.querySelectorAll("[data-field]")); }

  /* ---- answers as the conditions see them ---- */
  function answer(field) {
    var name = field.getAttribute("data-field");
    if (field.getAttribute("data-kind") === "rows") { return window.xunfang.rows.filled(field.querySelector("[data-rows]")); }
    var inputs = Array.prototype.slice.call(field.querySelectorAll("[name=\"" + name + "\"]"));
    if (inputs.length && inputs[0].type === "checkbox" || field.querySelector("[data-photos]")) {
      return inputs.filter(function (one) { return one.type === "hidden" || one.checked; }).map(function (one) { return one.value; });
    }
    if (inputs.length && inputs[0].type === "radio") {
      var ticked = inputs.filter(function (one) { return one.checked; })[0];
      return ticked ? plain(ticked.value, ticked) : undefined;
    }
    return inputs.length && inputs[0].value.trim() !== "" ? plain(inputs[0].value.trim(), inputs[0]) : undefined;
  }

  function plain(text, input) {
    if (input.type === "radio" && (text === "true" || text === "false")) { return text === "true"; }
    if (input.inputMode === "numeric" || input.inputMode === "decimal") {
      var number = window.xunfang.numberOf(text);
      return number === null ? text : number;
    }
    return text;
  }

  /* what the conditions of a field read: the form, or the row that it stands in */
  function facts(row) {
    var found = {};
    fields.forEach(function (field) {
      if (field.hidden || field.closest("[data-row]") !== row) { return; }
      found[field.getAttribute("data-field").split(".").pop()] = answer(field);
    });
    return found;
  }

  /* the facts of the form and of each row, read when first asked for */
  function knownOnce() {
    var known = new Map();
    return function (row) {
      if (!known.has(row)) { known.set(row, facts(row)); }
      return known.get(row);
    };
  }

  function condition(field, which) {
    var text = field.getAttribute(which);
    return text ? JSON.parse(text) : null;
  }

  function applyWhen(field, known) {
    var when = condition(field, "data-when");
    if (!when) { return; }
    field.hidden = !window.xunfang.holds(when, known(field.closest("[data-row]")));
    var off = field.hidden || Boolean(field.parentElement.closest("[data-field][hidden]"));
    Array.prototype.forEach.call(field.querySelectorAll("input, select, textarea"), function (input) { input.disabled = off; });
  }

  function applyConditions() {
    gather();
    for (var round = 0; round < 3; round += 1) {
      var known = knownOnce();
      fields.forEach(function (field) { applyWhen(field, known); });
    }
    var last = knownOnce();
    fields.forEach(function (field) {
      var required = condition(field, "data-required-when");
      if (required) { field.toggleAttribute("data-required", window.xunfang.holds(required, last(field.closest("[data-row]")))); }
    });
    var here = steps[current];
    applySteps();
    showStep(Math.max(0, steps.indexOf(here)));
  }

  /* ---- a division is picked in two steps: first what lies above ---- */
  function cascade(select) {
    var groups = Array.prototype.slice.call(select.querySelectorAll("optgroup"));
    if (groups.length < 2) { return; }
    var box = document.createElement("div");
    box.className = "cascade";
    var above = document.createElement("select");
    above.setAttribute("aria-label", select.getAttribute("data-cascade") + "：上级");
    above.append(new Option("请选择", ""));
    groups.forEach(function (group, place) { above.append(new Option(group.label, String(place))); });
    select.before(box);
    box.append(above, select);
    var first = select.querySelector("option[value=\"\"]");

    function narrowTo(place, value) {
      groups.forEach(function (group) { group.remove(); });
      first.textContent = place === "" ? "先选上级" : "请选择";
      if (place !== "") { select.append(groups[Number(place)]); }
      select.value = value;
      select.disabled = place === "";
    }

    select.restore = function (value) {
      var place = groups.findIndex(function (group) {
        return Array.prototype.some.call(group.children, function (option) { return option.value === value; });
      });
      above.value = place < 0 ? "" : String(place);
      narrowTo(above.value, place < 0 ? "" : value);
    };
    select.restore(select.value);
    above.addEventListener("change", function () { narrowTo(above.value, ""); select.dispatchEvent(new Event("change", { bubbles: true })); });
  }

  /* ---- steps on a phone; a section in which nothing applies is no step ---- */
  var all = steps;

  function applySteps() {
    steps = all.filter(function (step) {
      var some = Array.prototype.some.call(step.querySelectorAll("[data-field]"), function (field) { return !field.hidden; });
      step.classList.toggle("step-empty", !some);
      return some;
    });
  }

  function showStep(place) {
    current = Math.max(0, Math.min(place, steps.length - 1));
    var stepping = narrow.matches && steps.length > 1;
    steps.forEach(function (step, index) { step.hidden = stepping && index !== current; });
    var progress = document.getElementById("progress");
    progress.hidden = !stepping;
    progress.textContent = "第" + (current + 1) + "节，共" + steps.length + "节";
    var bar = document.createElement("span");
    var done = document.createElement("i");
    bar.className = "progress-bar";
    done.style.width = Math.round(100 * (current + 1) / steps.length) + "%";
    bar.append(done);
    progress.append(bar);
    form.querySelector("[data-back]").hidden = !stepping || current === 0;
    form.querySelector("[data-next]").hidden = !stepping || current === steps.length - 1;
    form.querySelector("[data-send]").hidden = stepping && current < steps.length - 1;
  }

  function say(field, sentence) {
    var place = field.querySelector(".problem");
    place.textContent = sentence;
    place.hidden = !sentence;
    field.classList.toggle("wrong", Boolean(sentence));
  }

  function empty(value) { return value === undefined || (Array.isArray(value) && value.length === 0); }

  function captionOf(field) { return field.querySelector("label, legend").firstChild.textContent.trim(); }

  /* a date on this page by its name, for one in the same row or form that is held against it */
  function datedBeside(field) {
    return function (name) {
      var row = field.closest("[data-row]");
      var found = fields.filter(function (each) {
        return !each.hidden && each.getAttribute("data-field").split(".").pop() === name && (each.closest("[data-row]") || row) === row;
      }).pop();
      var text = found && answer(found);
      return text ? { text: String(text), title: captionOf(found) } : null;
    };
  }

  function outOfBounds(field, text, caption) {
    var earliest = field.getAttribute("data-not-before"), latest = field.getAttribute("data-not-after");
    return earliest || latest ? window.xunfang.outOfBounds(text, caption, earliest || "", latest || "", datedBeside(field)) : "";
  }

  /* the number of an identity paper is checked by the kind that is chosen beside it, a citizen's where none is */
  function paperProblem(field, text) {
    var kind = field.getAttribute("data-paper");
    if (!kind) { return ""; }
    var chosen = facts(field.closest("[data-row]"))[kind];
    return window.xunfang.paperProblem(JSON.parse(field.getAttribute("data-checks"))[chosen] || "resident-id", text);
  }

  /* whoever left a row empty has not filled one in: the server takes it for none */
  function inEmptyRow(field) {
    var row = field.closest("[data-row]");
    return row && window.xunfang.rows.filled(row.closest("[data-rows]")).indexOf(row) < 0;
  }

  function complete(step) {
    var wrong = fields.filter(function (field) { return step.contains(field) && !field.hidden && !inEmptyRow(field); }).filter(function (field) {
      var given = answer(field);
      var caption = captionOf(field);
      var missing = field.hasAttribute("data-required") && empty(given);
      var text = given === undefined || Array.isArray(given) ? "" : String(given);
      var problem = missing ? "请填写“" + caption + "”。" : window.xunfang.problem(field.getAttribute("data-kind"), text, caption) || paperProblem(field, text) || outOfBounds(field, text, caption);
      say(field, problem);
      return Boolean(problem);
    });
    if (wrong.length) { (wrong[0].querySelector("input, select, textarea") || wrong[0]).focus(); wrong[0].scrollIntoView(); }
    return wrong.length === 0;
  }

  function stepOf(element) {
    return steps.findIndex(function (step) { return step.contains(element); });
  }

  /* ---- drafts ---- */
  function content() {
    return Array.from(new FormData(form).entries()).filter(function (pair) {
      return pair[0] !== "csrf" && pair[0] !== "submission_id" && typeof pair[1] === "string";
    });
  }

  function keep(pending) {
    if (trial) { return true; }
    var done = drafts.write({ form: formId, submission: identity.value, entries: content(), pending: Boolean(pending), open: true });
    form.querySelector("[data-kept]").textContent = done ? "草稿已存在本机" : "本机存不下草稿，请尽快提交";
    return done;
  }

  function offer(button, act) {
    var press = document.createElement("button");
    press.type = "button"; press.className = "quiet"; press.textContent = button;
    press.addEventListener("click", act);
    says.append(press);
  }

  function tell(sentence, button, act) {
    says.textContent = sentence;
    says.hidden = false;
    if (button) { offer(button, act); }
  }

  function newKey() {
    var bytes = window.crypto.getRandomValues(new Uint8Array(16));
    return Array.prototype.map.call(bytes, function (one) { return ("0" + one.toString(16)).slice(-2); }).join("");
  }

  /* an empty form for somebody else; what was filled in stays kept under its own key */
  function another() {
    release();
    restore({ submission: newKey(), entries: blank });
    Array.prototype.forEach.call(document.querySelectorAll("#summary, .asks"), function (one) { one.remove(); });
    fields.forEach(function (field) { say(field, ""); });
    says.hidden = true;
    form.querySelector("[data-send]").disabled = false;
    form.querySelector("[data-kept]").textContent = "";
    applyConditions();
    showStep(0);
    window.scrollTo(0, 0);
  }

  /* a draft that no page has open any more is restored by the next one */
  function release() { mark(false); }

  function mark(open) {
    var draft = drafts.find(formId, identity.value);
    if (draft) { draft.open = open; drafts.write(draft); }
  }

  function resume(draft, sentence) {
    restore(draft);
    keep(draft.pending);
    tell(sentence, "清除草稿", function () {
      drafts.drop({ form: formId, submission: identity.value });
      window.location.assign(single ? formId : window.location.pathname);
    });
    if (!single) { offer("另填一份", another); }
    applyConditions();
  }

  function restore(draft) {
    identity.value = draft.submission;
    var byName = {};
    draft.entries.forEach(function (pair) { (byName[pair[0]] = byName[pair[0]] || []).push(pair[1]); });
    Array.prototype.forEach.call(form.querySelectorAll("[data-rows]"), function (box) {
      window.xunfang.rows.reset(box, Object.keys(byName));
    });
    gather();
    fields.forEach(function (field) {
      var name = field.getAttribute("data-field");
      var texts = byName[name] || [];
      Array.prototype.forEach.call(field.querySelectorAll("[name=\"" + name + "\"]"), function (input) {
        if (input.type === "checkbox" || input.type === "radio") { input.checked = texts.indexOf(input.value) >= 0; }
        else if (input.type !== "hidden" && input.type !== "file") { if (input.restore) { input.restore(texts[0] || ""); } else { input.value = texts[0] || ""; } }
      });
      if (field.querySelector("[data-photos]")) { restorePhotos(field.querySelector("[data-photos]"), name, texts); }
    });
  }

  function restorePhotos(box, name, ids) {
    var list = box.querySelector(".photo-list");
    list.textContent = "";
    ids.forEach(function (id) {
      var item = document.createElement("li");
      var input = document.createElement("input");
      input.type = "hidden"; input.name = name; input.value = id;
      var remove = document.createElement("button");
      remove.type = "button"; remove.className = "quiet"; remove.textContent = "移除"; remove.setAttribute("data-drop", "");
      var image = document.createElement("img");
      image.alt = "已上传的照片"; image.src = box.getAttribute("data-to") + "/" + encodeURIComponent(id);
      item.append(input, image, remove);
      list.append(item);
    });
  }

  /* ---- sending ---- */
  /* a photo on its way belongs to the report: it is waited for, and what failed is told of before anything is sent */
  function send() {
    var photos = window.xunfang.photos.underWay();
    if (!photos) { deliver(); return; }
    var button = form.querySelector("[data-send]");
    button.disabled = true;
    tell("照片还在上传，传完就提交。");
    photos.then(function (all) {
      button.disabled = false;
      if (all) { says.hidden = true; send(); return; }
      tell("有照片没有传上，这份填报还没有提交。请重新添加照片；不要这张照片的，再按一次提交。");
      says.scrollIntoView();
    });
  }

  function deliver() {
    var button = form.querySelector("[data-send]");
    var body = new URLSearchParams(new FormData(form));
    button.disabled = true;
    var kept = keep(true);
    fetch(form.getAttribute("action"), { method: "POST", body: body, credentials: "same-origin", headers: { "Accept": "application/json" } })
      .then(function (answerOf) {
        if (answerOf.status !== 201) { keep(false); HTMLFormElement.prototype.submit.call(form); return null; }
        return answerOf.json().then(function (data) { drafts.drop({ form: formId, submission: identity.value }); window.location.assign(data.location); });
      })
      .catch(function () {
        button.disabled = false;
        tell(kept ? "现在没有信号。这份填报已保存在本机，信号恢复后会自动发送；重复发送也只登记一次。" :
          "现在没有信号，本机也存不下这份填报。请不要关闭或离开这一页，有信号时再按一次提交。", "立即重试", send);
        if (kept && !single) { offer("再报一份", another); }
      });
  }

  /* whatever waits is sent, each report by itself; whoever has typed nothing yet is taken to what came of theirs */
  function sendWaiting() {
    if (trial) { return; }
    drafts.list("").filter(function (draft) { return draft.pending && draft.submission !== identity.value; }).forEach(function (draft) {
      drafts.post(draft, form.querySelector("[name=csrf]").value).then(function (location) {
        if (location && draft.form === formId && !touched) { window.location.assign(location); return; }
        if (location) { tell("先前没有发出的一份填报，现在已经发出。"); return; }
        if (draft.refused && draft.form === formId) {
          tell("先前的一份填报没有被接受，要改一改再提交。", "打开这一份", function () { release(); resume(draft, "请改好后提交。"); send(); });
        }
      }).catch(function () { /* still no signal: it waits on */ });
    });
  }

  form.addEventListener("submit", function (event) {
    var next = form.querySelector("[data-next]");
    if (!next.hidden && !(event.submitter && event.submitter.hasAttribute("data-plain"))) {  /* Enter, or the 前往 of a phone's keyboard */
      event.preventDefault();
      next.click();
      return;
    }
    if (trial || event.submitter && event.submitter.hasAttribute("data-plain")) { keep(false); return; }
    event.preventDefault();
    applyConditions();
    send();
  });
  form.addEventListener("input", function () { touched = true; applyConditions(); keep(false); });
  form.addEventListener("change", function () { touched = true; applyConditions(); keep(false); });
  window.addEventListener("pagehide", release);
  window.addEventListener("pageshow", function (event) { if (event.persisted) { mark(true); } });
  form.querySelector("[data-next]").addEventListener("click", function () {
    if (complete(steps[current])) { showStep(current + 1); window.scrollTo(0, 0); }
  });
  form.querySelector("[data-back]").addEventListener("click", function () { showStep(current - 1); window.scrollTo(0, 0); });
  narrow.addEventListener("change", function () { showStep(current); });
  document.addEventListener("click", function (event) {
    var link = event.target.closest(".summary a");
    if (!link) { return; }
    var target = document.getElementById(link.getAttribute("href").slice(1));
    if (!target) { return; }
    event.preventDefault();
    if (stepOf(target) >= 0) { showStep(stepOf(target)); }
    target.focus();
  });
  window.addEventListener("online", function () {
    var draft = drafts.find(formId, identity.value);
    if (draft && draft.pending) { send(); }
    sendWaiting();
  });

  gather();
  Array.prototype.forEach.call(form.querySelectorAll("[data-cascade]"), cascade);
  form.addEventListener("row-added", function (event) {
    Array.prototype.forEach.call(event.target.querySelectorAll("[data-cascade]"), cascade);
  });
  /* of a form that came back filled in, only the first row of each table is there for somebody else, and empty */
  var blank = form.hasAttribute("data-keep") ? content().filter(function (pair) { return /\.0\./.test(pair[0]); }).map(function (pair) { return [pair[0], ""]; }) : content();
  var wanted = new URLSearchParams(window.location.search).get("draft");
  var stored = trial || form.hasAttribute("data-keep") ? [] : drafts.list(formId);
  var idle = stored.filter(function (draft) { return wanted ? draft.submission === wanted : !draft.pending && !draft.open; });
  var waiting = idle[idle.length - 1];
  if (waiting) {
    resume(waiting, waiting.pending ? "有一份尚未发送的填报，已恢复。" : "已恢复上次未提交的草稿。");
  }
  stored.filter(function (draft) { return draft !== waiting && !draft.pending; }).forEach(function (draft) {
    if (says.hidden) { tell("本机还有没填完的草稿。"); }
    offer("继续填" + new Date(draft.at).toTimeString().slice(0, 5) + "存的那一份", function () { release(); resume(draft, "已恢复没填完的草稿。"); showStep(0); });
  });
  showStep(0);
  applyConditions();
  var firstWrong = form.querySelector(".field.wrong");
  /* a form that came back whole only waits to be sent once more */
  showStep(firstWrong ? stepOf(firstWrong) : (form.hasAttribute("data-keep") && !form.hasAttribute("data-recounted") ? steps.length - 1 : 0));
  if (form.hasAttribute("data-recounted")) { keep(false); }  /* what is kept follows the numbers counted anew */
  if (document.getElementById("summary")) { document.getElementById("summary").focus(); }
  if (waiting && waiting.pending && navigator.onLine) { send(); }
  if (navigator.onLine) { sendWaiting(); }
})();
