package org.alignmentworkbench.app.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.alignmentworkbench.model.folder.ModelDescription;
import org.alignmentworkbench.model.template.ChatMessage;
import org.alignmentworkbench.model.template.ChatTemplate;
import org.alignmentworkbench.model.template.RenderedConversation;
import org.alignmentworkbench.model.template.TemplateException;
import org.alignmentworkbench.model.template.TokenView;
import org.alignmentworkbench.model.tokenizer.TextStream;
import org.alignmentworkbench.model.tokenizer.Tokenizer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.core.JsonGenerator;

/// `workbench tokens NAME ...`: what a model's tokenizer and template make of texts.
///
/// A string that stands alone is read as transformers reads it: special tokens are recognised.
/// Contents of conversations are always text.
@Command(
    name = "tokens",
    description =
        "Show the tokens of strings, with --json [{\"ids\":[...],\"decoded\":...}], or of"
            + " conversations, with --json [{\"text\":...,\"ids\":[...],\"assistantMask\":[...]}]"
            + " or {\"error\":...} in its place.")
final class TokensCommand implements Callable<Integer> {
  @Mixin private ModelSource source = new ModelSource();

  @ArgGroup(multiplicity = "1")
  private Texts texts = new Texts();

  /// One way of giving texts.
  static final class Texts {
    @Option(names = "--strings", paramLabel = "FILE", description = "A JSON list of strings.")
    private @Nullable Path strings;

    @Option(
        names = "--conversations",
        paramLabel = "FILE",
        description = "A JSON list of conversations, each a list of {role, content}.")
    private @Nullable Path conversations;
  }

  @Option(
      names = "--template",
      paramLabel = "FILE",
      description = "A chat template (Jinja) instead of the model's.")
  private @Nullable Path template;

  @Option(names = "--generation-prompt", description = "Add what makes the model begin an answer.")
  private boolean generationPrompt;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    ModelDescription description = source.describe();
    if (texts.strings != null) {
      if (template != null || generationPrompt) {
        throw new CommandRefused("--template and --generation-prompt go with --conversations");
      }
      ofStrings(description.tokenizer(), JsonFile.read(texts.strings).strings());
    } else if (texts.conversations != null) {
      ofConversations(template(description), JsonFile.read(texts.conversations).conversations());
    }
    return 0;
  }

  private ChatTemplate template(ModelDescription description) throws IOException {
    Path file = template;
    if (file == null) {
      if (!description.hasChatTemplate()) {
        throw new CommandRefused("the model has no chat template; --template FILE gives one");
      }
      return description.chatTemplate();
    }
    if (!Files.isRegularFile(file)) {
      throw new CommandRefused("there is no file " + file);
    }
    try {
      return ChatTemplate.of(
          description.tokenizer(),
          description.tokenizerConfig().withTemplate(Files.readString(file)));
    } catch (TemplateException invalid) {
      throw new CommandRefused(file + ": " + invalid.getMessage());
    }
  }

  private void ofStrings(Tokenizer tokenizer, List<String> strings) throws IOException {
    if (json) {
      JsonAnswer.print(out -> {
        out.writeStartArray();
        for (String text : strings) {
          int[] ids = tokenizer.encodeAlone(text);
          out.writeStartObject();
          ids(out, ids);
          out.writeStringProperty("decoded", tokenizer.decode(ids, false));
          out.writeEndObject();
        }
        out.writeEndArray();
      });
      return;
    }
    for (String text : strings) {
      for (int id : tokenizer.encodeAlone(text)) {
        System.out.printf(
            Locale.ROOT, "%8d  %s%n", id, visible(TextStream.of(tokenizer, new int[] {id}, false)));
      }
      System.out.println();
    }
  }

  private void ofConversations(ChatTemplate chat, List<List<ChatMessage>> conversations)
      throws IOException {
    if (json) {
      JsonAnswer.print(out -> {
        out.writeStartArray();
        conversations.forEach(messages -> write(out, chat, messages));
        out.writeEndArray();
      });
      return;
    }
    for (List<ChatMessage> messages : conversations) {
      try {
        for (TokenView token : chat.render(messages, generationPrompt).tokens()) {
          System.out.printf(
              Locale.ROOT,
              "%8d  %-24s %-10s %s%n",
              token.id(),
              visible(token.text()),
              token.supervised() ? "supervised" : "",
              token.why().name().toLowerCase(Locale.ROOT).replace('_', ' '));
        }
      } catch (TemplateException refused) {
        System.out.println("refused by the template: " + refused.getMessage());
      }
      System.out.println();
    }
  }

  private void write(JsonGenerator out, ChatTemplate chat, List<ChatMessage> messages) {
    out.writeStartObject();
    try {
      RenderedConversation rendered = chat.render(messages, generationPrompt);
      out.writeStringProperty("text", rendered.text());
      ids(out, rendered.ids());
      boolean[] supervised = rendered.assistantMask();
      out.writeName("assistantMask");
      out.writeStartArray();
      for (boolean one : supervised) {
        out.writeNumber(one ? 1 : 0);
      }
      out.writeEndArray();
    } catch (TemplateException refused) {
      out.writeStringProperty("error", String.valueOf(refused.getMessage()));
    }
    out.writeEndObject();
  }

  private static void ids(JsonGenerator out, int[] ids) {
    out.writeName("ids");
    out.writeArray(ids, 0, ids.length);
  }

  private static String visible(String text) {
    return "'" + text.replace("\n", "\\n").replace("\t", "\\t") + "'";
  }
}
