package org.alignmentworkbench.app.playground;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.alignmentworkbench.app.RunningServer;
import org.alignmentworkbench.model.folder.StoredModel;
import org.alignmentworkbench.model.registry.ModelRegistry;
import org.alignmentworkbench.model.template.ChatMessage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What answers the playground's questions, on the fixtures' model and its trained adapter.
class SpeakerIT {
  private static final Path FIXTURES =
      Path.of(System.getProperty("workbench.root"))
          .resolve("model-core/src/test/resources/fixtures/model");

  private static RunningServer server;
  private static Speaker speaker;

  @BeforeAll
  static void open() throws IOException {
    server = new RunningServer("--workbench.worker=false", "--workbench.playground-idle=700ms");
    speaker = server.bean(Speaker.class);
    ModelRegistry registry = server.bean(ModelRegistry.class);
    Path tiny = FIXTURES.resolve("tiny-llama");
    registry.importModel("tiny", tiny, (_, _, _) -> {});
    try (StoredModel base = StoredModel.open(tiny)) {
      registry.importAdapter(
          "trained", FIXTURES.resolve("lora-trained"), base.description().config(), "tiny");
    }
  }

  @AfterAll
  static void close() {
    server.close();
  }

  /// Hears all, or as many pieces as it is told to.
  private static final class Ear implements Speaker.Listener {
    private final int most;
    private final List<String> heard = new ArrayList<>();
    private boolean ended;
    private int pieces;

    private Ear(int most) {
      this.most = most;
    }

    @Override
    public boolean prompt(String text, int tokens) {
      return true;
    }

    @Override
    public boolean text(String more) {
      heard.add(more);
      pieces++;
      return pieces < most;
    }

    @Override
    public void end(boolean stopped, int tokens, double seconds) {
      ended = true;
    }

    private String all() {
      return String.join("", heard);
    }
  }

  private static Question question(String adapter, ChatMessage... messages) {
    return new Question("registered:tiny", adapter, "", List.of(messages), true, 1, 0, 1, 0, 24, 1);
  }

  private static Ear ask(Question question, int most) throws IOException {
    Ear ear = new Ear(most);
    speaker.answer(question, _ -> true, ear);
    return ear;
  }

  @Test
  void a_registered_adapter_answers_otherwise_than_its_model_and_an_unknown_one_is_named()
      throws IOException {
    ChatMessage hello = ChatMessage.user("Hello there");
    String alone = ask(question("", hello), Integer.MAX_VALUE).all();
    String adapted = ask(question("trained", hello), Integer.MAX_VALUE).all();
    assertThat(adapted).isNotEqualTo(alone);
    assertThat(ask(question("", hello), Integer.MAX_VALUE).all()).isEqualTo(alone);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ask(question("nobody", hello), 1))
        .withMessageContaining("there is no registered adapter 'nobody'");
  }

  @Test
  void an_answer_that_is_stopped_ends_there_and_the_next_question_is_answered_at_once()
      throws IOException {
    ChatMessage hello = ChatMessage.user("Hello there");
    Ear stopped = ask(question("", hello), 2);
    assertThat(stopped.heard).hasSize(2);
    assertThat(stopped.ended).isFalse();
    Ear whole = ask(question("", hello), Integer.MAX_VALUE);
    assertThat(whole.ended).isTrue();
    assertThat(whole.all()).startsWith(stopped.all());
  }

  @Test
  void an_empty_answer_is_part_of_a_conversation_as_any_other() throws IOException {
    Ear ear =
        ask(
            question(
                "", ChatMessage.user("a"), ChatMessage.assistant(""), ChatMessage.user("and now?")),
            Integer.MAX_VALUE);
    assertThat(ear.ended).isTrue();
  }

  @Test
  void a_model_that_nobody_asks_is_closed_and_opened_again_for_the_next_question()
      throws Exception {
    Question hello = question("", ChatMessage.user("Hello there"));
    String before = ask(hello, Integer.MAX_VALUE).all();
    // The limit only ends a test that would hang.
    Instant limit = Instant.now().plus(Duration.ofMinutes(1));
    while (speaker.holdsModel() && Instant.now().isBefore(limit)) {
      Thread.sleep(50);
    }
    assertThat(speaker.holdsModel()).isFalse();
    assertThat(ask(hello, Integer.MAX_VALUE).all()).isEqualTo(before);
  }
}
