/* Photos: shrunk on the phone before they are sent, one by one, so that a weak signal is enough. */
(function () {
  "use strict";
  var LONGEST = 1600;
  var QUALITY = 0.8;
  var NO_SIGNAL = "没有信号，照片未能上传，请稍后再添加。";
  var last = Promise.resolve();  /* ends when every photo picked so far is on the page, or has failed */
  var under = 0, lost = 0;

  /* a sentence for whoever picked the photo; whatever else goes wrong is a browser's own, and not in Chinese */
  function told(sentence) {
    var problem = new Error(sentence);
    problem.told = sentence;
    return problem;
  }

  function shrink(file) {
    return new Promise(function (resolve, reject) {
      var url = URL.createObjectURL(file);
      var image = new Image();
      image.onload = function () {
        var ratio = Math.min(1, LONGEST / Math.max(image.naturalWidth, image.naturalHeight));
        var canvas = document.createElement("canvas");
        canvas.width = Math.max(1, Math.round(image.naturalWidth * ratio));
        canvas.height = Math.max(1, Math.round(image.naturalHeight * ratio));
        canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
        URL.revokeObjectURL(url);
        canvas.toBlob(function (blob) { if (blob) { resolve(blob); } else { reject(told("这张照片处理不了，请换一张。")); } }, "image/jpeg", QUALITY);
      };
      image.onerror = function () { URL.revokeObjectURL(url); reject(told("这不是能识别的照片，请换一张。")); };
      image.src = url;
    });
  }

  function send(box, blob) {
    var body = new FormData();
    body.append("photo", blob, "photo.jpg");
    var csrf = document.querySelector("input[name=csrf]").value;
    return fetch(box.getAttribute("data-to"), {
      method: "POST", body: body, credentials: "same-origin", headers: { "X-Csrf-Token": csrf, "Accept": "application/json" }
    }).then(function (answer) {
      return answer.json().catch(function () { return {}; }).then(function (data) {
        if (!answer.ok || !data.id) { throw told(data.message || "照片没有传上，请稍后再添加。"); }
        return data.id;
      });
    });
  }

  function show(box, id, blob) {
    var item = document.createElement("li");
    var input = document.createElement("input");
    input.type = "hidden"; input.name = box.getAttribute("data-photos"); input.value = id;
    var image = document.createElement("img");
    image.alt = "已上传的照片"; image.src = URL.createObjectURL(blob);
    var remove = document.createElement("button");
    remove.type = "button"; remove.className = "quiet"; remove.textContent = "移除"; remove.setAttribute("data-drop", "");
    item.append(input, image, remove);
    box.querySelector(".photo-list").append(item);
    box.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function add(box, says, file) {
    var most = Number(box.getAttribute("data-most"));
    if (box.querySelectorAll(".photo-list li").length >= most) { return Promise.reject(told("最多" + most + "张照片。")); }
    says.textContent = "正在压缩并上传……";
    return shrink(file).then(function (blob) {
      return send(box, blob).then(function (id) { show(box, id, blob); });
    });
  }

  /* one after the other; a photo that failed is told of though the next one went well */
  function addAll(box, files) {
    var says = box.querySelector("[role=status]");
    var problems = [];
    return files.reduce(function (before, file) {
      return before.then(function () { return add(box, says, file); }).catch(function (problem) { problems.push(problem.told || NO_SIGNAL); });
    }, Promise.resolve()).then(function () {
      var sentences = problems.filter(function (one, place) { return problems.indexOf(one) === place; }).join("");
      lost += problems.length;
      says.textContent = problems.length ? (files.length > 1 ? "有" + problems.length + "张照片没有加上：" : "") + sentences : "已上传。";
    });
  }

  function setUp(box) {
    box.addEventListener("click", function (event) {
      if (event.target.hasAttribute("data-drop")) {
        event.target.closest("li").remove();
        box.dispatchEvent(new Event("change", { bubbles: true }));
      }
    });
    box.querySelector("input[type=file]").addEventListener("change", function (event) {
      var files = Array.prototype.slice.call(event.target.files);
      event.target.value = "";
      under += 1;
      last = last.then(function () { return addAll(box, files); }).then(function () { under -= 1; });
    });
  }

  /* a promise, where photos are still on their way, of whether all of them arrived; null where none are */
  function underWay() {
    var before = lost;
    return under ? last.then(function () { return lost === before; }) : null;
  }

  Array.prototype.forEach.call(document.querySelectorAll("[data-photos]"), setUp);
  window.xunfang = window.xunfang || {};
  window.xunfang.photos = { underWay: underWay };
})();
