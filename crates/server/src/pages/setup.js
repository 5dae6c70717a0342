"use strict";
const form = document.getElementById("setup");
const problem = document.getElementById("problem");
const button = document.getElementById("submit");

function say(text) {
  problem.textContent = text;
}

function done(answer) {
  form.hidden = true;
  const next = document.getElementById("next");
  next.hidden = false;
  document.getElementById("who").textContent = answer.user.email;
  document.title = "Whodunit is set up";
  document.getElementById("next-title").focus();
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  say("");
  const value = (name) => form.elements.namedItem(name).value;
  if (value("password") !== value("again")) {
    say("The two passwords differ. Type the same password twice.");
    form.elements.namedItem("again").focus();
    return;
  }
  button.disabled = true;
  try {
    const token = new URLSearchParams(location.search).get("token") || value("token");
    const body = JSON.stringify({ token, email: value("email"), name: value("name"), password: value("password") });
    const response = await fetch("/api/v1/setup", { method: "POST", headers: { "content-type": "application/json" }, body });
    const answer = await response.json();
    if (response.ok) {
      history.replaceState(null, "", "/setup");
      done(answer);
    } else {
      const error = answer.error || { message: "The server answered " + response.status + "." };
      say(error.hint ? error.message + " (" + error.hint + ")" : error.message);
    }
  } catch (failure) {
    say("The server did not answer. Is it still running?");
  } finally {
    button.disabled = false;
  }
});

if (new URLSearchParams(location.search).get("token")) {
  document.getElementById("token-field").hidden = true;
  form.elements.namedItem("token").required = false;
}
