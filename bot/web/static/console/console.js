"use strict";

/* What makes the pages more comfortable; each works without it. Nothing is ever written into a field by this file, and
   what comes from the server replaces only what carries data-live. */

(function () {
  const every = (selector, act) => document.querySelectorAll(selector).forEach(act);

  every("[data-print]", (button) => button.addEventListener("click", () => window.print()));

  /* "/" goes to the search field, as in many programs. */
  document.addEventListener("keydown", (event) => {
    const field = document.querySelector("input[type=search]");
    const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName);
    if (event.key === "/" && field && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      field.focus();
    }
  });

  /* One box picks all of a table; the number picked is said beside the button. */
  every("[data-pick-all]", (all) => {
    const boxes = Array.from(document.querySelectorAll("input[name=" + all.dataset.pickAll + "]"));
    const count = document.querySelector("[data-picked]");
    const tell = () => {
      const picked = boxes.filter((box) => box.checked).length;
      all.checked = picked > 0 && picked === boxes.length;
      all.indeterminate = picked > 0 && picked < boxes.length;
      if (count) count.textContent = String(picked);
    };
    all.addEventListener("change", () => {
      boxes.forEach((box) => { box.checked = all.checked; });
      tell();
    });
    boxes.forEach((box) => box.addEventListener("change", tell));
    tell();
  });

  /* On a phone a list that is not narrowed begins with its tickets: what narrows it is one touch away. */
  every("[data-more]", (button) => {
    const form = button.form;
    if (!window.matchMedia("(max-width: 48rem)").matches || "narrowed" in form.dataset) return;
    const extra = Array.from(form.querySelectorAll("[data-extra]"));
    const show = (shown) => {
      extra.forEach((part) => { part.hidden = !shown; });
      button.hidden = shown;
    };
    button.addEventListener("click", () => { show(true); extra[0].querySelector("select").focus(); });
    show(false);
  });

  /* A move shows the fields it needs: data-needs on the option names them. */
  every("select[data-shows]", (select) => {
    const show = () => {
      const needs = (select.selectedOptions[0].dataset.needs || "").split(" ");
      select.form.querySelectorAll("[data-need]").forEach((part) => {
        part.hidden = !needs.includes(part.dataset.need);
      });
    };
    select.addEventListener("change", show);
    show();
  });

  /* A page that keeps itself fresh: data-live is the address of its living parts, its version goes along. Only what has
     data-part is replaced; these hold no field. All is left alone while somebody has selected words in a part, is in
     it with the keyboard, or listens to something in it, and while the page is not looked at. */
  every("[data-live]", (page) => {
    const seconds = Number(page.dataset.every || "20");
    const parts = Array.from(page.querySelectorAll("[data-part]"));
    const plays = (part) => Array.from(part.querySelectorAll("audio, video")).some((one) => !one.paused);
    const busy = () => parts.some((part) => part.contains(document.activeElement) || plays(part) || (
      window.getSelection().type === "Range" && part.contains(window.getSelection().anchorNode)));
    const ask = async () => {
      if (document.hidden || busy()) return;
      try {
        const answer = await fetch(page.dataset.live, {
          headers: { "X-Fragment": "1", "If-None-Match": '"' + (page.dataset.version || "") + '"' },
          cache: "no-store",
        });
        if (answer.status === 401) { window.clearInterval(timer); return; }
        if (answer.status !== 200) return;
        const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
        const version = fresh.querySelector("[data-version]");
        if (!version || busy()) return;
        parts.forEach((part) => {
          const anew = fresh.querySelector("[data-fragment=" + part.dataset.part + "]");
          if (anew) part.replaceChildren(...anew.childNodes);
        });
        page.dataset.version = version.dataset.version;
        const notice = document.querySelector("[data-changed]");
        if (notice) notice.hidden = false;
      } catch (error) {
        /* away from the network for a moment: the next round asks again */
      }
    };
    const timer = window.setInterval(ask, seconds * 1000);
    document.addEventListener("visibilitychange", ask);
  });
})();
