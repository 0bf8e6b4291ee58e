package org.alignmentworkbench.model.tokenizer;

import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.alignmentworkbench.model.file.DurableFile;
import org.jspecify.annotations.Nullable;

/// A byte-level BPE tokenizer as `tokenizer.json` describes it.
///
/// | | |
/// |---|---|
/// | read | model `BPE`; pre-tokenizers `ByteLevel`, `Digits`, `Split` with the patterns of [TextCut] and a `Sequence` of them; added tokens; a post-processor that puts tokens around a text; the normalizer `NFC` |
/// | refused by name | other normalizers, other models and pre-tokenizers, stripping added tokens, dropout, byte fallback |
///
/// Every text round-trips: bytes are the alphabet. Three exceptions: where the file asks for it,
/// text is composed first (NFC) and comes back composed; a lone surrogate, which no UTF-8 can hold,
/// is read as U+FFFD; and a byte that a vocabulary lacks is left out, as the reference
/// implementation does (SmolLM2's has no token for 0x04, for example). Safe for use by several
/// threads.
public final class Tokenizer {
  /// The file's name in a model folder.
  public static final String FILE = "tokenizer.json";

  private static final int MAX_ID = (1 << 24) - 1;
  private static final int CACHED_WORDS = 1 << 16;
  private static final int CACHED_LENGTH = 64;

  private final String json;
  private final PreTokenizer preTokenizer;
  private final Map<String, Integer> ids;
  private final byte[] @Nullable [] bytes;
  private final Map<String, AddedToken> added;
  private final Set<Integer> addedIds = new HashSet<>();
  private final Set<Integer> specialIds = new HashSet<>();
  private final List<AddedToken> longestFirst;
  private final int[] byteIds = new int[256];
  private final MergeTable merges = new MergeTable();
  private final boolean ignoreMerges;
  private final boolean composes;
  private final List<Integer> before;
  private final List<Integer> after;
  private final Map<String, int[]> cache = new ConcurrentHashMap<>();

  private Tokenizer(String json, TokenizerJson parsed) {
    this.json = json;
    this.preTokenizer = parsed.preTokenizer();
    this.ignoreMerges = parsed.ignoreMerges();
    this.composes = parsed.composes();
    this.before = parsed.around().before();
    this.after = parsed.around().after();
    this.ids = new HashMap<>(parsed.vocabulary());
    this.added = parsed.added();
    this.longestFirst = new ArrayList<>(added.values());
    longestFirst.sort(
        Comparator.comparingInt((AddedToken token) -> token.content().length())
            .reversed()
            .thenComparing(AddedToken::content));
    for (AddedToken token : longestFirst) {
      Integer inModel = ids.put(token.content(), token.id());
      if (inModel != null && inModel != token.id()) {
        throw new IllegalArgumentException(
            "added token "
                + token.content()
                + " has id "
                + token.id()
                + ", in the model "
                + inModel);
      }
      addedIds.add(token.id());
      if (token.special()) {
        specialIds.add(token.id());
      }
    }
    ids.forEach((token, id) -> {
      if (id < 0 || id > MAX_ID) {
        throw new IllegalArgumentException(
            "the id of token " + token + " must be 0.." + MAX_ID + ", was " + id);
      }
    });
    int size = ids.values().stream().mapToInt(Integer::intValue).max().orElse(-1) + 1;
    this.bytes = new byte[size] @Nullable [];
    ids.forEach((token, id) -> {
      byte[] of =
          addedIds.contains(id)
              ? token.getBytes(StandardCharsets.UTF_8)
              : ByteAlphabet.bytes(token);
      if (bytes[id] != null) {
        throw new IllegalArgumentException("id " + id + " has two tokens");
      }
      bytes[id] = of;
    });
    for (List<Integer> around : List.of(before, after)) {
      for (int id : around) {
        if (!addedIds.contains(id)) {
          throw new IllegalArgumentException(
              "what stands around a text must be added tokens, id " + id + " is none");
        }
      }
    }
    for (int b = 0; b < 256; b++) {
      Integer id = ids.get(String.valueOf(ByteAlphabet.letter(b)));
      byteIds[b] = id == null || addedIds.contains(id) ? -1 : id;
    }
    for (TokenizerJson.Merge merge : parsed.merges()) {
      int result = idOf(merge.left() + merge.right());
      // A merge that ends in an added token would let plain text spell a control token.
      if (!addedIds.contains(result)) {
        merges.add(idOf(merge.left()), idOf(merge.right()), result);
      }
    }
  }

  /// Reads `tokenizer.json` of a model folder.
  public static Tokenizer load(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    try {
      return parse(Files.readString(file));
    } catch (UnsupportedTokenizerException unsupported) {
      throw new UnsupportedTokenizerException(file + ": " + unsupported.getMessage());
    } catch (IllegalArgumentException invalid) {
      throw new IllegalArgumentException(file + ": " + invalid.getMessage(), invalid);
    }
  }

  /// Reads the text of a `tokenizer.json`.
  ///
  /// @throws UnsupportedTokenizerException naming what it asks for and this reader does not do
  public static Tokenizer parse(String json) {
    try {
      return new Tokenizer(json, TokenizerJson.parse(JsonParser.parseString(json)));
    } catch (JsonParseException
        | IllegalStateException
        | UnsupportedOperationException
        | NumberFormatException malformed) {
      throw new IllegalArgumentException(
          "must be JSON with a value of the right kind everywhere: " + malformed.getMessage(),
          malformed);
    }
  }

  /// A tokenizer that cuts digits one by one.
  ///
  /// @param tokens every token in the order of the ids, in the byte alphabet
  /// @param merges pairs of tokens, first merges first
  /// @param specials those of `tokens` that are control tokens
  public static Tokenizer of(List<String> tokens, List<List<String>> merges, Set<String> specials) {
    List<AddedToken> added = new ArrayList<>();
    for (int id = 0; id < tokens.size(); id++) {
      if (specials.contains(tokens.get(id))) {
        added.add(new AddedToken(id, tokens.get(id), true));
      }
    }
    if (added.size() != specials.size()) {
      throw new IllegalArgumentException("every special token must be a token once: " + specials);
    }
    return of(
        new BpeParts(
            new ArrayList<>(tokens), merges, added, TextCut.GPT2_SINGLE_DIGITS, false, null));
  }

  /// A tokenizer from its parts, for formats other than `tokenizer.json`.
  public static Tokenizer of(BpeParts parts) {
    return parse(TokenizerJson.write(parts));
  }

  /// Writes `tokenizer.json`: the very text it was read from.
  public void save(Path folder) throws IOException {
    DurableFile.writeText(folder.resolve(FILE), json);
  }

  /// Writes `tokenizer.json` and `tokenizer_config.json`.
  public void save(Path folder, TokenizerConfig config) throws IOException {
    save(folder);
    config.save(folder);
  }

  /// The text of `tokenizer.json`.
  public String json() {
    return json;
  }

  /// One more than the highest id.
  public int vocabularySize() {
    return bytes.length;
  }

  /// Whether there is a token of this name, added ones included.
  public boolean has(String token) {
    return ids.containsKey(token);
  }

  /// The id of a token (in the byte alphabet, or an added token's text).
  public int idOf(String token) {
    Integer id = ids.get(token);
    if (id == null) {
      throw new IllegalArgumentException("the vocabulary has no token " + token);
    }
    return id;
  }

  /// Whether an id is an added token: text alone never becomes one.
  public boolean isAdded(int id) {
    return addedIds.contains(id);
  }

  /// Whether an id is one of the special ones among the added tokens.
  public boolean isSpecial(int id) {
    return specialIds.contains(id);
  }

  /// Whether there is a token with this id: a row of the embedding may only fill it up.
  public boolean hasId(int id) {
    return id >= 0 && id < bytes.length && bytes[id] != null;
  }

  /// The added tokens, in the order of the file.
  public List<AddedToken> addedTokens() {
    return List.copyOf(added.values());
  }

  /// The ids of a text. What looks like a control token is text like any other: no id of an added
  /// token comes out.
  public int[] encode(String text) {
    Ids out = new Ids();
    encodeInto(wellFormed(text), out);
    return out.toArray();
  }

  /// The ids of a text in which added tokens are recognised, the leftmost and longest first. For
  /// text written by a template or a developer, never for text written by a person.
  public int[] encodeWithSpecials(String text) {
    String clean = wellFormed(text);
    Ids out = new Ids();
    int begin = 0;
    int i = 0;
    while (i < clean.length()) {
      AddedToken token = addedAt(clean, i);
      if (token == null) {
        i++;
        continue;
      }
      encodeInto(clean.substring(begin, i), out);
      out.add(token.id());
      i += token.content().length();
      begin = i;
    }
    encodeInto(clean.substring(begin), out);
    return out.toArray();
  }

  /// The ids of a text that stands alone, as transformers gives them: added tokens are recognised,
  /// and the tokens that belong around a text stand around it. A chat template writes those itself.
  public int[] encodeAlone(String text) {
    Ids out = new Ids();
    before.forEach(out::add);
    out.addAll(encodeWithSpecials(text));
    after.forEach(out::add);
    return out.toArray();
  }

  /// How it cuts text into words; empty for a combination without a name.
  public Optional<TextCut> cut() {
    return Arrays.stream(TextCut.values())
        .filter(cut -> PreTokenizer.of(cut).equals(preTokenizer))
        .findFirst();
  }

  /// Whether text is composed (NFC) before it is cut.
  public boolean composes() {
    return composes;
  }

  /// Whether a word that is a token is taken as it is, without merging.
  public boolean wholeWordsFirst() {
    return ignoreMerges;
  }

  /// The tokens that stand before a text that stands alone.
  public List<Integer> beginning() {
    return before;
  }

  /// The tokens that stand after a text that stands alone.
  public List<Integer> ending() {
    return after;
  }

  /// The added token that begins at `index` of a text, the longest if there are several.
  public @Nullable AddedToken addedAt(String text, int index) {
    for (AddedToken token : longestFirst) {
      if (text.startsWith(token.content(), index)) {
        return token;
      }
    }
    return null;
  }

  /// The text of ids; bytes that are no UTF-8 become U+FFFD.
  ///
  /// @param skipSpecials leaves out the special ones among the added tokens
  public String decode(int[] tokens, boolean skipSpecials) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(4 * tokens.length);
    for (int id : tokens) {
      if (!(skipSpecials && specialIds.contains(id))) {
        out.writeBytes(raw(id));
      }
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  /// The bytes of one id; a part of a character's UTF-8 sequence is possible.
  public byte[] bytesOf(int id) {
    return raw(id).clone();
  }

  private byte[] raw(int id) {
    byte[] of = id < 0 || id >= bytes.length ? null : bytes[id];
    if (of == null) {
      throw new IllegalArgumentException(
          "id must be in the vocabulary of " + bytes.length + " tokens, was " + id);
    }
    return of;
  }

  private void encodeInto(String text, Ids out) {
    String composed = composes ? Normalizer.normalize(text, Normalizer.Form.NFC) : text;
    preTokenizer.split(composed, word -> out.addAll(wordIds(word)));
  }

  private int[] wordIds(String word) {
    int[] known = cache.get(word);
    if (known != null) {
      return known;
    }
    int[] computed = merge(word);
    if (word.length() <= CACHED_LENGTH && cache.size() < CACHED_WORDS) {
      cache.put(word, computed);
    }
    return computed;
  }

  private int[] merge(String word) {
    byte[] utf8 = word.getBytes(StandardCharsets.UTF_8);
    if (ignoreMerges) {
      Integer whole = ids.get(ByteAlphabet.letters(utf8));
      if (whole != null && !addedIds.contains(whole)) {
        return new int[] {whole};
      }
    }
    int[] symbols = new int[utf8.length];
    int size = 0;
    for (byte b : utf8) {
      int id = byteIds[b & 0xFF];
      if (id >= 0) {
        symbols[size++] = id;
      }
    }
    return merges.apply(Arrays.copyOf(symbols, size));
  }

  /// The text with each lone surrogate as U+FFFD.
  static String wellFormed(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        return text.codePoints()
            .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFD : c)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();
      }
    }
    return text;
  }

  /// A growing list of ids.
  private static final class Ids {
    private int[] values = new int[16];
    private int size;

    void add(int id) {
      if (size == values.length) {
        values = Arrays.copyOf(values, 2 * size);
      }
      values[size++] = id;
    }

    void addAll(int[] more) {
      if (size + more.length > values.length) {
        values = Arrays.copyOf(values, Math.max(2 * values.length, size + more.length));
      }
      System.arraycopy(more, 0, values, size, more.length);
      size += more.length;
    }

    int[] toArray() {
      return Arrays.copyOf(values, size);
    }
  }
}
