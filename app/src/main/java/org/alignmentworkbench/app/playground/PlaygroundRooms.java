package org.alignmentworkbench.app.playground;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.alignmentworkbench.annotation.page.SignedInPerson;
import org.alignmentworkbench.db.project.MembershipRepository;
import org.alignmentworkbench.db.run.RunRepository;
import org.alignmentworkbench.db.run.RunState;
import org.alignmentworkbench.model.registry.ModelRegistry;
import org.alignmentworkbench.model.template.TemplateException;
import org.alignmentworkbench.rlhf.job.Stores;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.MediaType;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// The page, and the answers it asks for.
@Controller
class PlaygroundRooms implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PlaygroundRooms.class);
  private static final long LONGEST_ANSWER_MS = 30 * 60 * 1000L;

  private final Speaker speaker;
  private final ModelRegistry registry;
  private final Stores stores;
  private final RunRepository runs;
  private final MembershipRepository memberships;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  PlaygroundRooms(
      Speaker speaker, ModelRegistry registry, Stores stores, MembershipRepository memberships) {
    this.speaker = speaker;
    this.registry = registry;
    this.stores = stores;
    this.runs = stores.runs();
    this.memberships = memberships;
  }

  @GetMapping("/playground")
  String page(@AuthenticationPrincipal SignedInPerson person, Model model) throws IOException {
    model.addAttribute(
        "groups", Choice.all(registry, stores, memberships.visible(person.personId())));
    model.addAttribute("adapters", registry.adapterNames());
    model.addAttribute("busy", busy());
    return "playground/playground";
  }

  private boolean busy() {
    return !runs.inStates(RunState.RUNNING).isEmpty();
  }

  /// Streams one answer: `prompt`, then `text` as it comes, then `end`; or `refused` with a
  /// sentence.
  @PostMapping(value = "/playground/answers", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
  SseEmitter answer(@RequestBody String body, @AuthenticationPrincipal SignedInPerson person) {
    SseEmitter emitter = new SseEmitter(LONGEST_ANSWER_MS);
    threads.execute(() -> answer(body, person.personId(), emitter));
    return emitter;
  }

  private void answer(String body, long personId, SseEmitter emitter) {
    try {
      try {
        Question question = question(body);
        speaker.answer(
            question,
            projectId -> memberships.maySee(projectId, personId),
            new Events(emitter, busy()));
      } catch (IllegalArgumentException | IllegalStateException | TemplateException refused) {
        send(emitter, "refused", Map.of("reason", String.valueOf(refused.getMessage())));
      }
      emitter.complete();
    } catch (IOException gone) {
      // The page was closed or the answer stopped: nobody hears it any more.
      emitter.completeWithError(gone);
    } catch (RuntimeException | Error failure) {
      LOG.error("An answer of the playground failed.", failure);
      emitter.completeWithError(failure);
    }
  }

  private static Question question(String body) {
    try {
      return JsonMapper.shared().readValue(body, Question.class);
    } catch (JacksonException e) {
      Throwable cause = e.getCause();
      throw new IllegalArgumentException(
          cause instanceof IllegalArgumentException
              ? String.valueOf(cause.getMessage())
              : "this is no question: " + e.getOriginalMessage(),
          e);
    }
  }

  private record Events(SseEmitter emitter, boolean busy) implements Speaker.Listener {
    @Override
    public boolean prompt(String text, int tokens) throws IOException {
      send(emitter, "prompt", Map.of("text", text, "tokens", tokens, "busy", busy));
      return true;
    }

    @Override
    public boolean text(String more) throws IOException {
      if (!more.isEmpty()) {
        send(emitter, "text", Map.of("text", more));
      }
      return true;
    }

    @Override
    public void end(boolean stopped, int tokens, double seconds) throws IOException {
      send(
          emitter,
          "end",
          Map.of("finish", stopped ? "stop" : "length", "tokens", tokens, "seconds", seconds));
    }
  }

  private static void send(SseEmitter emitter, String event, Map<String, ?> data)
      throws IOException {
    try {
      emitter.send(
          SseEmitter.event().name(event).data(JsonMapper.shared().writeValueAsString(data)));
    } catch (IllegalStateException completed) {
      throw new IOException("the stream is closed", completed);
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
