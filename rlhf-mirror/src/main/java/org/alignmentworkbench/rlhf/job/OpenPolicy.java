package org.alignmentworkbench.rlhf.job;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.alignmentworkbench.db.model.Model;
import org.alignmentworkbench.model.engine.Engine;
import org.alignmentworkbench.model.folder.ModelDescription;
import org.alignmentworkbench.model.folder.StoredModel;
import org.alignmentworkbench.model.llama.LlamaModel;
import org.alignmentworkbench.model.template.ChatMessage;
import org.alignmentworkbench.model.template.ChatTemplate;
import org.alignmentworkbench.model.template.RenderedConversation;
import org.alignmentworkbench.rlhf.training.PromptRow;

/// A registered policy with its weights on the engine and its tokenizer and template beside them.
public record OpenPolicy(
    Model row, ModelDescription description, ChatTemplate template, LlamaModel model)
    implements AutoCloseable {
  /// A policy with its template parsed once.
  public static OpenPolicy of(Model row, ModelDescription description, LlamaModel model) {
    return new OpenPolicy(row, description, description.chatTemplate(), model);
  }

  /// A policy from its folder. Its weights go to the engine without passing through the heap.
  public static OpenPolicy read(Model row, Path folder, Engine engine) throws IOException {
    try (StoredModel stored = StoredModel.open(folder)) {
      return of(row, stored.description(), stored.load(engine));
    }
  }

  /// A prompt as this policy reads it, up to where the assistant begins.
  public PromptRow prompt(String key, String text) {
    return new PromptRow(key, template.render(List.of(new ChatMessage("user", text)), true).ids());
  }

  /// An answer to a prompt, written by somebody else, as this policy would have sampled it: with
  /// the end of the turn.
  public int[] answer(String prompt, String text) {
    RenderedConversation whole =
        template.render(
            List.of(new ChatMessage("user", prompt), new ChatMessage("assistant", text)), false);
    int[] ids = whole.ids();
    boolean[] mask = whole.assistantMask();
    return IntStream.range(0, ids.length).filter(i -> mask[i]).map(i -> ids[i]).toArray();
  }

  /// What was generated, as text without control tokens.
  public String text(int[] ids) {
    return description.tokenizer().decode(ids, true);
  }

  /// The ids that end a turn.
  public Set<Integer> stopIds() {
    return Set.copyOf(description.stopIds());
  }

  @Override
  public void close() {
    model.close();
  }
}
