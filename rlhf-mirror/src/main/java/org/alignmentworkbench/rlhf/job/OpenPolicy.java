package org.alignmentworkbench.rlhf.job;

import java.util.List;
import java.util.Set;
import org.alignmentworkbench.db.model.Model;
import org.alignmentworkbench.model.folder.ModelFolder;
import org.alignmentworkbench.model.llama.LlamaModel;
import org.alignmentworkbench.model.template.ChatMessage;
import org.alignmentworkbench.model.template.ChatTemplate;
import org.alignmentworkbench.rlhf.training.PromptRow;

/// A registered policy with its weights on the engine and its tokenizer and template beside them.
public record OpenPolicy(Model row, ModelFolder folder, ChatTemplate template, LlamaModel model)
    implements AutoCloseable {
  /// A policy from its folder, with the template parsed once.
  public static OpenPolicy of(Model row, ModelFolder folder, LlamaModel model) {
    return new OpenPolicy(row, folder, folder.chatTemplate(), model);
  }

  /// A prompt as this policy reads it, up to where the assistant begins.
  public PromptRow prompt(String key, String text) {
    return new PromptRow(key, template.render(List.of(new ChatMessage("user", text)), true).ids());
  }

  /// What was generated, as text without control tokens.
  public String text(int[] ids) {
    return folder.tokenizer().decode(ids, true);
  }

  /// The ids that end a turn.
  public Set<Integer> stopIds() {
    return Set.copyOf(folder.stopIds());
  }

  @Override
  public void close() {
    model.close();
  }
}
