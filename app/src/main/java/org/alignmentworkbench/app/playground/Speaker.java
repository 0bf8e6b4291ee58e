package org.alignmentworkbench.app.playground;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongPredicate;
import org.alignmentworkbench.app.config.LazyEngine;
import org.alignmentworkbench.app.config.WorkbenchSettings;
import org.alignmentworkbench.model.folder.ModelDescription;
import org.alignmentworkbench.model.folder.StoredModel;
import org.alignmentworkbench.model.generation.Decoder;
import org.alignmentworkbench.model.generation.Decoding;
import org.alignmentworkbench.model.generation.SamplingSettings;
import org.alignmentworkbench.model.llama.LlamaModel;
import org.alignmentworkbench.model.lora.PeftFolder;
import org.alignmentworkbench.model.random.CounterStream;
import org.alignmentworkbench.model.registry.ModelRegistry;
import org.alignmentworkbench.model.template.RenderedConversation;
import org.alignmentworkbench.model.tokenizer.TextStream;
import org.alignmentworkbench.rlhf.job.ModelShelf;
import org.alignmentworkbench.rlhf.job.OpenPolicy;
import org.alignmentworkbench.rlhf.job.Stores;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// Answers questions, one at a time, and keeps the last model open for the next one.
///
/// An answer is drawn token by token, each in a short call of its own: a training on the same
/// engine goes on between them, and both come to the results that they would come to alone.
@Component
class Speaker implements AutoCloseable {
  private final LazyEngine engine;
  private final ModelRegistry registry;
  private final ModelShelf shelf;
  private final Stores stores;
  private final Duration idle;
  private final ReentrantLock turn = new ReentrantLock();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("playground-idle").daemon().factory());
  private @Nullable Open open;
  private long answers;

  Speaker(
      LazyEngine engine,
      ModelRegistry registry,
      ModelShelf shelf,
      Stores stores,
      WorkbenchSettings settings) {
    this.engine = engine;
    this.registry = registry;
    this.shelf = shelf;
    this.stores = stores;
    this.idle = settings.playgroundIdle();
  }

  /// What hears an answer as it comes; false ends it.
  interface Listener {
    /// The text that the model continues, control tokens and all.
    boolean prompt(String text, int tokens) throws IOException;

    /// More of the answer.
    boolean text(String more) throws IOException;

    /// The end.
    ///
    /// @param stopped whether the model ended its turn itself
    void end(boolean stopped, int tokens, double seconds) throws IOException;
  }

  private record Open(String key, ModelDescription description, LlamaModel model, Decoder decoder)
      implements AutoCloseable {
    static Open of(String key, ModelDescription description, LlamaModel model) {
      try {
        return new Open(key, description, model, Decoder.of(model));
      } catch (RuntimeException | Error failure) {
        model.close();
        throw failure;
      }
    }

    @Override
    public void close() {
      decoder.close();
      model.close();
    }
  }

  /// Answers.
  ///
  /// @param seen whether whoever asks may see a project's models
  /// @throws IllegalArgumentException with a sentence when the question cannot be answered
  void answer(Question question, LongPredicate seen, Listener listener) throws IOException {
    requireSeen(question, seen);
    if (!turn.tryLock()) {
      throw new IllegalArgumentException("another answer is being written: try again in a moment");
    }
    try {
      Open model = open(question);
      answers++;
      try {
        speak(model, question, listener);
      } finally {
        long last = answers;
        var _ = clock.schedule(() -> closeAfter(last), idle.toMillis(), TimeUnit.MILLISECONDS);
      }
    } finally {
      turn.unlock();
    }
  }

  private void speak(Open model, Question question, Listener listener) throws IOException {
    if (!model.description().hasChatTemplate()) {
      throw new IllegalArgumentException("the model has no chat template to talk by");
    }
    RenderedConversation prompt =
        model.description().chatTemplate().render(question.conversation(), true);
    int context = model.description().config().contextLength();
    int room = context - prompt.ids().length;
    if (room < 1) {
      throw new IllegalArgumentException(
          "the conversation has "
              + prompt.ids().length
              + " tokens, the model's context holds "
              + context);
    }
    SamplingSettings sampling = question.sampling(Set.copyOf(model.description().stopIds()), room);
    if (!listener.prompt(prompt.text(), prompt.ids().length)) {
      return;
    }
    long start = System.nanoTime();
    TextStream text = new TextStream(model.description().tokenizer(), true);
    int tokens = 0;
    boolean stopped = false;
    try (Decoding decoding =
        model
            .decoder()
            .begin(
                List.of(prompt.ids()),
                sampling,
                List.of(CounterStream.of(question.seed(), "playground", 0, 0)))) {
      while (decoding.next()) {
        tokens++;
        stopped = decoding.ended(0);
        if (!listener.text(text.accept(decoding.id(0)))) {
          return;
        }
      }
    }
    if (listener.text(text.end())) {
      listener.end(stopped, tokens, (System.nanoTime() - start) * 1e-9);
    }
  }

  private void requireSeen(Question question, LongPredicate seen) {
    if (Choice.registeredName(question.model()) == null
        && stores
            .models()
            .find(Choice.modelId(question.model()))
            .filter(model -> seen.test(model.projectId()))
            .isEmpty()) {
      throw new IllegalArgumentException("there is no such model any more");
    }
  }

  private Open open(Question question) throws IOException {
    String key = question.model() + "+" + question.adapter();
    Open there = open;
    if (there != null && there.key().equals(key)) {
      return there;
    }
    closeOpen();
    Open fresh = load(key, question);
    open = fresh;
    return fresh;
  }

  private Open load(String key, Question question) throws IOException {
    String name = Choice.registeredName(question.model());
    if (name == null) {
      if (!question.adapter().isEmpty()) {
        throw new IllegalArgumentException(
            "a project's adapter is a model of its own: choose it as the model");
      }
      var row =
          stores
              .models()
              .find(Choice.modelId(question.model()))
              .orElseThrow(() -> new IllegalArgumentException("there is no such model any more"));
      OpenPolicy policy = shelf.policy(row.projectId(), row.name());
      return Open.of(key, policy.description(), policy.model());
    }
    Path folder =
        registry
            .find(name)
            .orElseThrow(
                () -> new IllegalArgumentException("there is no registered model '" + name + "'"));
    try (StoredModel stored = StoredModel.open(folder)) {
      LlamaModel model = stored.load(engine.get());
      if (question.adapter().isEmpty()) {
        return Open.of(key, stored.description(), model);
      }
      try (model) {
        Path adapter =
            registry
                .findAdapter(question.adapter())
                .orElseThrow(() ->
                    new IllegalArgumentException(
                        "there is no registered adapter '" + question.adapter() + "'"));
        // The base's arrays live until the last model on them is closed.
        LlamaModel adapted =
            model.withAdapter(PeftFolder.load(adapter, stored.description().config()));
        return Open.of(key, stored.description(), adapted);
      }
    }
  }

  /// Whether a model is open, which takes memory.
  boolean holdsModel() {
    turn.lock();
    try {
      return open != null;
    } finally {
      turn.unlock();
    }
  }

  private void closeAfter(long last) {
    turn.lock();
    try {
      if (answers == last) {
        closeOpen();
      }
    } finally {
      turn.unlock();
    }
  }

  private void closeOpen() {
    Open there = open;
    open = null;
    if (there != null) {
      there.close();
    }
  }

  @Override
  public void close() {
    clock.shutdownNow();
    turn.lock();
    try {
      closeOpen();
    } finally {
      turn.unlock();
    }
  }
}
