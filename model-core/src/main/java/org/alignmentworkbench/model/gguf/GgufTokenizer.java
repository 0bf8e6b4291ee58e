package org.alignmentworkbench.model.gguf;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.alignmentworkbench.model.llama.LlamaConfig.SpecialIds;
import org.alignmentworkbench.model.tokenizer.AddedToken;
import org.alignmentworkbench.model.tokenizer.BpeParts;
import org.alignmentworkbench.model.tokenizer.TextCut;
import org.alignmentworkbench.model.tokenizer.Tokenizer;
import org.alignmentworkbench.model.tokenizer.TokenizerConfig;
import org.jspecify.annotations.Nullable;

/// The tokenizer that a file's metadata describe: byte-level BPE (`gpt2`) with a named way of
/// cutting text.
///
/// | token type | becomes |
/// |---|---|
/// | 1 normal | a token of the model |
/// | 2 unknown, 3 control | an added token, special |
/// | 4 user-defined | an added token, not special, spelled as plain text |
/// | 5 unused | nothing: its row of the embedding is never read |
/// | 6 byte | refused: bytes are the alphabet here |
///
/// @param tokenizer the vocabulary
/// @param config roles and chat template
/// @param ids what begins, ends and fills up a text
/// @param tokens how many tokens the file lists
record GgufTokenizer(Tokenizer tokenizer, TokenizerConfig config, SpecialIds ids, int tokens) {
  private static final String PREFIX = "tokenizer.ggml.";
  private static final String MODEL = PREFIX + "model";
  private static final String CUT = PREFIX + "pre";
  private static final String TYPES = PREFIX + "token_type";
  private static final String BEGIN = PREFIX + "add_bos_token";

  static GgufTokenizer read(GgufMetadata metadata, int contextLength) {
    String model = metadata.text(MODEL).orElseThrow(() -> metadata.missing(MODEL));
    if (!model.equals("gpt2")) {
      throw metadata.refused(MODEL, "is not supported; \"gpt2\" (byte-level BPE) is");
    }
    // Without a name readers guess, and cut text wrongly without a word.
    String name = metadata.text(CUT).orElseThrow(() -> metadata.missing(CUT));
    TextCut cut =
        GgufNames.cut(name)
            .orElseThrow(() ->
                metadata.refused(
                    CUT, "is not a known way of cutting text: " + GgufNames.knownCuts()));
    for (String key : List.of("add_space_prefix", "add_eos_token")) {
      if (metadata.flag(PREFIX + key).orElse(false)) {
        throw metadata.refused(PREFIX + key, "is not supported");
      }
    }
    List<String> listed = metadata.texts(PREFIX + "tokens");
    int[] types = types(metadata, listed.size());
    List<@Nullable String> tokens = new ArrayList<>();
    List<AddedToken> added = new ArrayList<>();
    for (int id = 0; id < listed.size(); id++) {
      String token = listed.get(id);
      tokens.add(types[id] <= 3 ? token : null);
      if (types[id] == 6) {
        throw metadata.refused(TYPES, "makes token " + id + " a byte, which gpt2 does not have");
      }
      if (types[id] >= 2 && types[id] <= 4) {
        added.add(new AddedToken(id, token, types[id] != 4));
      }
    }
    SpecialIds ids =
        new SpecialIds(
            id(metadata, "bos", listed.size()),
            ends(metadata, listed.size()),
            id(metadata, "padding", listed.size()));
    Integer bos = ids.bos();
    // Where nothing is said, llama.cpp puts the token of the beginning before texts of Llama 3.
    boolean begins = metadata.flag(BEGIN).orElse(cut == TextCut.LLAMA3 && bos != null);
    AddedToken beginning = null;
    if (begins) {
      beginning =
          added.stream()
              .filter(token -> bos != null && token.id() == bos)
              .findFirst()
              .orElseThrow(() -> metadata.refused(BEGIN, "needs a control token as bos_token_id"));
    }
    List<List<String>> merges = merges(metadata);
    Tokenizer tokenizer;
    try {
      tokenizer =
          Tokenizer.of(
              new BpeParts(
                  tokens, merges, added, cut, GgufNames.takesWholeWordsFirst(cut), beginning));
    } catch (IllegalArgumentException invalid) {
      throw metadata.refused(PREFIX + "tokens", "do not fit together: " + invalid.getMessage());
    }
    TokenizerConfig config =
        new TokenizerConfig(
            text(listed, bos),
            text(listed, id(metadata, "eos", listed.size())),
            text(listed, ids.pad()),
            text(listed, id(metadata, "unknown", listed.size())),
            contextLength,
            metadata.text("tokenizer.chat_template").orElse(null));
    return new GgufTokenizer(tokenizer, config, ids, listed.size());
  }

  private static int[] types(GgufMetadata metadata, int tokens) {
    int[] types = metadata.wholes(TYPES);
    if (types.length != tokens) {
      throw metadata.refused(TYPES, "must be one for each of " + tokens + " tokens");
    }
    for (int id = 0; id < tokens; id++) {
      if (types[id] < 1 || types[id] > 6) {
        throw metadata.refused(TYPES, "must be 1 to 6, that of token " + id + " is " + types[id]);
      }
    }
    return types;
  }

  private static List<List<String>> merges(GgufMetadata metadata) {
    List<List<String>> merges = new ArrayList<>();
    for (String merge : metadata.texts(PREFIX + "merges")) {
      // A token of the byte alphabet holds no space.
      int space = merge.indexOf(' ', 1);
      if (space < 0 || space == merge.length() - 1) {
        throw metadata.refused(
            PREFIX + "merges",
            "must join two tokens each, number " + merges.size() + " is \"" + merge + '"');
      }
      merges.add(List.of(merge.substring(0, space), merge.substring(space + 1)));
    }
    return merges;
  }

  /// The ids that end a text or a turn.
  private static List<Integer> ends(GgufMetadata metadata, int tokens) {
    Set<Integer> ends = new LinkedHashSet<>();
    for (String role : List.of("eos", "eot")) {
      Integer id = id(metadata, role, tokens);
      if (id != null) {
        ends.add(id);
      }
    }
    return List.copyOf(ends);
  }

  private static @Nullable Integer id(GgufMetadata metadata, String role, int tokens) {
    String key = PREFIX + role + "_token_id";
    if (!metadata.has(key)) {
      return null;
    }
    int id = metadata.needWhole(key);
    if (id >= tokens) {
      throw metadata.refused(key, "must be below the number of tokens " + tokens);
    }
    return id;
  }

  private static @Nullable String text(List<String> tokens, @Nullable Integer id) {
    return id == null ? null : tokens.get(id);
  }
}
