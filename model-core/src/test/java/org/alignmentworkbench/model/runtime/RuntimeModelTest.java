package org.alignmentworkbench.model.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import org.alignmentworkbench.model.llama.LlamaConfig;
import org.alignmentworkbench.model.llama.LoraAdapter;
import org.alignmentworkbench.model.lora.PeftFolder;
import org.alignmentworkbench.model.palette.HalfTensor;
import org.alignmentworkbench.model.palette.Int8Rows;
import org.alignmentworkbench.model.palette.PackedWeight;
import org.alignmentworkbench.model.palette.PaletteBits;
import org.alignmentworkbench.model.palette.PaletteSettings;
import org.alignmentworkbench.model.palette.PalettizedModel;
import org.alignmentworkbench.model.palette.Palettizer;
import org.alignmentworkbench.model.safetensors.SafetensorsFile;
import org.alignmentworkbench.model.tensor.Tensor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Expected figures come from transformers and peft through the golden fixtures; their README says
/// that another correct fp32 implementation stays within about ten times the observed rounding,
/// which is 7e-6 for logits: hence 7e-5 below.
class RuntimeModelTest {
  private static final Path FIXTURES = Path.of("src/test/resources/fixtures/model");
  private static final double LOGITS = 7e-5;

  private static LlamaConfig config;
  private static Map<String, Tensor> weights;
  private static JsonObject greedy;

  @BeforeAll
  static void load() throws Exception {
    config = LlamaConfig.fromJson(Files.readString(FIXTURES.resolve("tiny-llama/config.json")));
    weights = tensors("tiny-llama/model.safetensors");
    greedy =
        JsonParser.parseString(Files.readString(FIXTURES.resolve("greedy.json"))).getAsJsonObject();
  }

  @Test
  void greedy_ids_are_those_of_transformers() {
    RuntimeModel model = RuntimeModel.dense(config, weights);
    JsonArray expected = greedy.getAsJsonObject("no_eos").getAsJsonArray("new_ids");
    for (int p = 0; p < 4; p++) {
      assertThat(model.session().greedy(prompt(p), 64, Set.of()))
          .containsExactly(ids(expected.get(p).getAsJsonArray()));
    }
  }

  /// With an end token the fixture's rows are padded with id 3 after it.
  @Test
  void greedy_stops_at_the_end_token() {
    RuntimeModel model = RuntimeModel.dense(config, weights);
    JsonObject withEos = greedy.getAsJsonObject("with_eos");
    int eos = withEos.get("eos_token_id").getAsInt();
    for (int p = 0; p < 4; p++) {
      int[] row = ids(withEos.getAsJsonArray("new_ids").get(p).getAsJsonArray());
      int end = 0;
      while (end < row.length && row[end] != eos) {
        end++;
      }
      int[] answer = model.session().greedy(prompt(p), 64, Set.of(eos));
      assertThat(answer).containsExactly(Arrays.copyOf(row, Math.min(row.length, end + 1)));
    }
  }

  @Test
  void the_first_steps_have_the_logits_of_transformers() throws Exception {
    float[] expected = tensors("greedy_logits.safetensors").get("first_8_steps").data();
    RuntimeModel model = RuntimeModel.dense(config, weights);
    JsonArray chosen = greedy.getAsJsonObject("no_eos").getAsJsonArray("new_ids");
    for (int p = 0; p < 4; p++) {
      DecodeSession session = model.session();
      float[] logits = {};
      for (int id : prompt(p)) {
        logits = session.accept(id);
      }
      for (int step = 0; step < 8; step++) {
        for (int v = 0; v < 512; v++) {
          assertThat((double) logits[v])
              .isCloseTo(expected[(p * 8 + step) * 512 + v], within(LOGITS));
        }
        logits = session.accept(chosen.get(p).getAsJsonArray().get(step).getAsInt());
      }
    }
  }

  @Test
  void the_whole_text_forward_has_the_logits_of_transformers() throws Exception {
    SequenceForward forward = SequenceForward.of(config, weights);
    try (SafetensorsFile file = SafetensorsFile.open(FIXTURES.resolve("forward.safetensors"))) {
      int[] ids = file.readInts("right.input_ids");
      int[] mask = file.readInts("right.attention_mask");
      float[] expected = file.read("right.logits").data();
      for (int row = 0; row < 3; row++) {
        int[] own = real(ids, mask, row);
        float[] logits = forward.logits(own);
        for (int i = 0; i < logits.length; i++) {
          assertThat((double) logits[i]).isCloseTo(expected[row * 24 * 512 + i], within(LOGITS));
        }
      }
    }
  }

  @Test
  void an_adapter_has_the_logits_of_peft_and_belongs_to_its_session_alone() throws Exception {
    RuntimeAdapter adapter =
        RuntimeAdapter.of(config, PeftFolder.load(FIXTURES.resolve("lora-trained"), config));
    RuntimeModel model = RuntimeModel.dense(config, weights);
    DecodeSession before = model.session();
    DecodeSession adapted = model.session(adapter);
    DecodeSession after = model.session();
    try (SafetensorsFile forward = SafetensorsFile.open(FIXTURES.resolve("forward.safetensors"));
        SafetensorsFile lora = SafetensorsFile.open(FIXTURES.resolve("lora_logits.safetensors"))) {
      int[] own =
          real(forward.readInts("right.input_ids"), forward.readInts("right.attention_mask"), 0);
      float[] expected = lora.read("logits_after_training").data();
      double change = 0;
      for (int t = 0; t < own.length; t++) {
        // The three sessions take turns on one base.
        float[] plain = before.accept(own[t]).clone();
        float[] with = adapted.accept(own[t]);
        float[] again = after.accept(own[t]);
        assertThat(again).isEqualTo(plain);
        for (int v = 0; v < 512; v++) {
          assertThat((double) with[v]).isCloseTo(expected[t * 512 + v], within(1.1e-4));
          change = Math.max(change, Math.abs(with[v] - plain[v]));
        }
      }
      assertThat(change).isGreaterThan(0.01);
    }
  }

  /// The palettized projections add up in the order of the dense ones, so only the 8-bit output
  /// matrix and the two forms of attention differ in rounding.
  @Test
  void a_palettized_model_decodes_as_its_dense_reconstruction_does() {
    PalettizedModel packed = palettized();
    RuntimeModel model = RuntimeModel.palettized(packed);
    RuntimeModel dense = RuntimeModel.dense(config, packed.dense());
    SequenceForward naive = SequenceForward.of(config, packed.dense());
    for (int p = 0; p < 4; p++) {
      int[] answer = model.session().greedy(prompt(p), 40, Set.of());
      assertThat(answer).containsExactly(dense.session().greedy(prompt(p), 40, Set.of()));
      int[] text = Arrays.copyOf(prompt(p), prompt(p).length + answer.length);
      System.arraycopy(answer, 0, text, prompt(p).length, answer.length);
      float[] expected = naive.logits(text);
      DecodeSession session = model.session();
      for (int t = 0; t < text.length; t++) {
        float[] logits = session.accept(text[t]);
        int best = 0;
        for (int v = 0; v < 512; v++) {
          assertThat((double) logits[v]).isCloseTo(expected[t * 512 + v], within(LOGITS));
          best = expected[t * 512 + v] > expected[t * 512 + best] ? v : best;
        }
        if (t >= prompt(p).length - 1 && t + 1 < text.length) {
          assertThat(text[t + 1]).isEqualTo(best);
        }
      }
    }
  }

  @Test
  void refuses_ids_outside_the_vocabulary_a_full_context_and_a_foreign_adapter() throws Exception {
    RuntimeModel model = RuntimeModel.dense(config, weights);
    assertThatThrownBy(() -> model.session().accept(512))
        .hasMessageContaining("a token id must lie in [0, 512), was 512");
    DecodeSession session = model.session();
    for (int t = 0; t < 512; t++) {
      session.accept(5);
    }
    assertThatThrownBy(() -> session.accept(5))
        .hasMessageContaining("the context holds 512 tokens, all are used");
    LoraAdapter adapter = PeftFolder.load(FIXTURES.resolve("lora-init"), config);
    SequencedMap<String, Tensor> more = new LinkedHashMap<>(adapter.weights());
    more.put("base_model.model.lm_head.lora_A.weight", Tensor.zeros(16, 64));
    assertThatThrownBy(() -> RuntimeAdapter.of(config, new LoraAdapter(adapter.config(), more)))
        .hasMessageContaining("28 tensors, has 29");
  }

  private static PalettizedModel palettized() {
    Palettizer palettizer = new Palettizer(PaletteSettings.DEFAULT);
    Map<String, PackedWeight> packed = new LinkedHashMap<>();
    int[] count = {0};
    weights.forEach((name, weight) -> {
      if (weight.rank() == 1) {
        packed.put(name, HalfTensor.of(weight));
      } else if (name.equals(LlamaConfig.EMBEDDING)) {
        packed.put(name, Int8Rows.of(weight));
      } else {
        double[] equal = new double[weight.extent(1)];
        Arrays.fill(equal, 1);
        PaletteBits width = count[0]++ % 4 == 3 ? PaletteBits.TWO : PaletteBits.FOUR;
        packed.put(name, palettizer.nearest(weight, equal, width));
      }
    });
    return new PalettizedModel(config, packed);
  }

  private static int[] prompt(int p) {
    return ids(greedy.getAsJsonArray("prompts").get(p).getAsJsonArray());
  }

  private static int[] ids(JsonArray array) {
    int[] ids = new int[array.size()];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = array.get(i).getAsInt();
    }
    return ids;
  }

  private static int[] real(int[] ids, int[] mask, int row) {
    int length = 0;
    while (length < 24 && mask[row * 24 + length] == 1) {
      length++;
    }
    return Arrays.copyOfRange(ids, row * 24, row * 24 + length);
  }

  private static Map<String, Tensor> tensors(String name) throws Exception {
    try (SafetensorsFile file = SafetensorsFile.open(FIXTURES.resolve(name))) {
      return file.readAll();
    }
  }
}
