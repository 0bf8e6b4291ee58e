// The playground: sends the conversation, shows the answer as it comes.

const root = document.getElementById("playground");
if (root) {
  const part = (id) => document.getElementById(id);
  const words = root.dataset;
  const talk = part("talk");
  const messages = [];
  let asking = null;

  const filled = (text, ...values) => values.reduce((all, value, i) => all.replace(`{${i}}`, value), text);

  function turn(role, content) {
    const item = document.createElement("li");
    item.className = `turn turn-${role}`;
    const who = document.createElement("span");
    who.className = "turn-who";
    who.textContent = role === "user" ? words.wordYou : words.wordAnswer;
    const what = document.createElement("div");
    what.className = "turn-text";
    what.dir = "auto";
    what.textContent = content;
    item.append(who, what);
    talk.append(item);
    part("nothing").hidden = true;
    item.scrollIntoView({ block: "nearest" });
    return what;
  }

  function busy(on) {
    part("send").hidden = on;
    part("stop").hidden = !on;
    talk.setAttribute("aria-busy", on ? "true" : "false");
  }

  function refuse(reason) {
    part("refused").textContent = reason;
    part("refused").hidden = false;
  }

  function question() {
    const fields = new FormData(part("settings"));
    const number = (name) => Number(fields.get(name));
    return JSON.stringify({
      model: fields.get("model"),
      adapter: fields.get("adapter") ?? "",
      system: fields.get("system"),
      messages,
      greedy: part("greedy").checked,
      temperature: number("temperature"),
      topK: number("topK"),
      topP: number("topP"),
      minP: number("minP"),
      maxTokens: number("maxTokens"),
      seed: number("seed"),
    });
  }

  /** Reads events of the form "event: NAME" and "data: JSON", parted by empty lines. */
  async function* events(body) {
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      rest += value;
      for (let end = rest.indexOf("\n\n"); end >= 0; end = rest.indexOf("\n\n")) {
        const event = { name: "message", data: "" };
        for (const line of rest.slice(0, end).split("\n")) {
          if (line.startsWith("event:")) event.name = line.slice(6).trim();
          if (line.startsWith("data:")) event.data += line.slice(5);
        }
        rest = rest.slice(end + 2);
        yield { name: event.name, data: JSON.parse(event.data) };
      }
    }
  }

  /** Whether a training or another run holds the kernels now: then an answer takes longer. */
  function tellBusy(now) {
    part("busy").hidden = !now;
  }

  async function ask() {
    const meta = (name) => document.querySelector(`meta[name=${name}]`).content;
    asking = new AbortController();
    busy(true);
    part("state").textContent = words.wordThinking;
    let place = null;
    let answer = "";
    let ended = false;
    let refused = false;
    try {
      const reply = await fetch("/playground/answers", {
        method: "POST",
        headers: { "Content-Type": "text/plain", Accept: "text/event-stream", [meta("csrf-header")]: meta("csrf-token") },
        body: question(),
        redirect: "error",
        signal: asking.signal,
      });
      if (!reply.ok) throw new Error(reply.status === 401 || reply.status === 403 ? words.wordSignedOut : words.wordLost);
      for await (const { name, data } of events(reply.body)) {
        if (name === "prompt") {
          tellBusy(data.busy);
          part("prompt").hidden = false;
          part("prompt-text").textContent = data.text;
          part("prompt-tokens").textContent = filled(words.wordTokens, data.tokens);
          place = turn("assistant", "");
        } else if (name === "text") {
          answer += data.text;
          place.textContent = answer;
          place.scrollIntoView({ block: "nearest" });
        } else if (name === "end") {
          ended = true;
          const rate = data.seconds > 0 ? (data.tokens / data.seconds).toFixed(1) : "–";
          part("state").textContent = `${filled(words.wordFigures, data.tokens, rate)}; ${data.finish === "stop" ? words.wordFinishStop : words.wordFinishLength}`;
        } else if (name === "refused") {
          ended = true;
          refused = true;
          part("state").textContent = "";
          refuse(data.reason);
        }
      }
      if (!ended) throw new Error(words.wordLost);
    } catch (fault) {
      part("state").textContent = asking.signal.aborted ? words.wordStopped : "";
      if (!asking.signal.aborted) refuse(fault instanceof TypeError ? words.wordLost : fault.message);
    }
    if (answer !== "" || (ended && !refused)) {
      // An answer may be empty: the model ended its turn at once.
      if (answer === "") place.textContent = words.wordSilent;
      messages.push({ role: "assistant", content: answer });
    } else {
      // Nothing was answered: the message goes back to be sent again.
      const last = messages.pop();
      if (last && part("message").value === "") part("message").value = last.content;
      if (place) place.parentElement.remove();
      talk.lastElementChild?.remove();
      part("nothing").hidden = messages.length > 0;
    }
    busy(false);
    asking = null;
    part("message").focus();
  }

  part("say").addEventListener("submit", (event) => {
    event.preventDefault();
    if (asking || !part("settings").reportValidity()) return;
    const content = part("message").value.trim();
    if (content === "") return;
    part("refused").hidden = true;
    part("message").value = "";
    messages.push({ role: "user", content });
    turn("user", content);
    void ask();
  });
  part("message").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      part("say").requestSubmit();
    }
  });
  part("settings").addEventListener("submit", (event) => event.preventDefault());
  part("stop").addEventListener("click", () => asking?.abort());
  part("clear").addEventListener("click", () => {
    asking?.abort();
    messages.length = 0;
    talk.replaceChildren();
    part("nothing").hidden = false;
    part("refused").hidden = true;
    part("prompt").hidden = true;
    part("state").textContent = "";
    part("message").focus();
  });
}
