package org.alignmentworkbench.model.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.alignmentworkbench.model.llama.Fixture;
import org.alignmentworkbench.model.llama.LoraAdapter;
import org.alignmentworkbench.model.llama.LoraConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PeftFolderTest {

  @Test
  void reads_what_peft_wrote() throws IOException {
    LoraAdapter adapter = PeftFolder.load(Fixture.path("lora-trained"), Fixture.tinyConfig());
    assertThat(adapter.config()).isEqualTo(LoraConfig.everywhere(16, 32));
    assertThat(adapter.config().scale()).isEqualTo(2.0);
    assertThat(adapter.weights()).hasSize(28);
  }

  @Test
  void what_it_writes_it_reads_back_and_twice_the_same_bytes(@TempDir Path folder)
      throws IOException {
    LoraAdapter adapter = PeftFolder.load(Fixture.path("lora-trained"), Fixture.tinyConfig());
    PeftFolder.save(folder.resolve("a"), adapter, "tiny-llama");
    LoraAdapter back = PeftFolder.load(folder.resolve("a"), Fixture.tinyConfig());
    assertThat(back.config()).isEqualTo(adapter.config());
    adapter
        .weights()
        .forEach((n, v) -> assertThat(back.weights().get(n).data()).isEqualTo(v.data()));
    PeftFolder.save(folder.resolve("b"), back, "tiny-llama");
    for (String file : new String[] {"adapter_config.json", "adapter_model.safetensors"}) {
      assertThat(folder.resolve("b").resolve(file))
          .hasSameBinaryContentAs(folder.resolve("a").resolve(file));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"use_dora\": false|\"use_dora\": true",
        "\"use_rslora\": false|\"use_rslora\": true",
        "\"rank_pattern\": {}|\"rank_pattern\": {\"q_proj\": 4}",
        "\"bias\": \"none\"|\"bias\": \"all\"",
        "\"modules_to_save\": null|\"modules_to_save\": [\"lm_head\"]",
        "\"peft_type\": \"LORA\"|\"peft_type\": \"IA3\"",
        "\"q_proj\"|\"lm_head\""
      })
  void refuses_by_name_what_plain_lora_is_not(String from, String to, @TempDir Path folder)
      throws IOException {
    Path source = Fixture.path("lora-init");
    Files.copy(
        source.resolve("adapter_model.safetensors"), folder.resolve("adapter_model.safetensors"));
    String config = Files.readString(source.resolve("adapter_config.json"));
    assertThat(config).contains(from);
    Files.writeString(folder.resolve("adapter_config.json"), config.replace(from, to));
    String named = to.replaceAll("\"([a-z_]+)\".*", "$1");
    assertThatThrownBy(() -> PeftFolder.load(folder, Fixture.tinyConfig()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(named);
  }
}
