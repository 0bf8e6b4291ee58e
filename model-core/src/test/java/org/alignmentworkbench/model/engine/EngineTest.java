package org.alignmentworkbench.model.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.pytorch.engine.PtNDArray;
import java.lang.foreign.ValueLayout;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.alignmentworkbench.model.tensor.Tensor;
import org.junit.jupiter.api.Test;

class EngineTest {

  @Test
  void settings_are_checked() {
    assertThatThrownBy(() -> new EngineSettings("gpu", 1)).hasMessageContaining("was gpu");
    assertThatThrownBy(() -> new EngineSettings("cpu", 0)).hasMessageContaining("was 0");
  }

  @Test
  void a_device_is_chosen_from_what_is_there() {
    assertThat(Engine.device("auto", 0)).isEqualTo(Device.cpu());
    assertThat(Engine.device("auto", 2)).isEqualTo(Device.gpu(0));
    assertThat(Engine.device("cpu", 2)).isEqualTo(Device.cpu());
    assertThat(Engine.device("cuda:1", 2)).isEqualTo(Device.gpu(1));
    assertThatThrownBy(() -> Engine.device("cuda:2", 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cuda:2 is not there: the natives see 2 GPUs");
  }

  @Test
  void what_a_call_makes_is_freed_and_what_is_resident_stays() {
    try (Engine engine = Engine.start(EngineSettings.cpu(1))) {
      assertThat(engine.device()).isEqualTo("cpu");
      int before = engine.residentArrays();
      ResidentArray array = engine.resident(new float[] {1, 2, 3});
      assertThat(engine.residentArrays()).isEqualTo(before + 1);
      for (int i = 0; i < 100; i++) {
        engine.call(call -> call.floats(new float[1000], 10, 100).getShape());
      }
      assertThat(engine.residentArrays()).isEqualTo(before + 1);
      array.write(new float[] {4, 5, 6});
      assertThat(array.read()).containsExactly(4, 5, 6);
      assertThatThrownBy(() -> array.write(new float[2])).hasMessageContaining("3 values, was 2");
      array.close();
      assertThat(engine.residentArrays()).isEqualTo(before);
    }
  }

  @Test
  void a_task_may_call_the_engine_again_and_its_exception_comes_through() {
    try (Engine engine = Engine.start(EngineSettings.cpu(1))) {
      assertThat(engine.<Integer>call(_ -> engine.<Integer>call(_ -> 7))).isEqualTo(7);
      assertThatThrownBy(() ->
              engine.call(_ -> {
                throw new IllegalArgumentException("from inside");
              }))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("from inside");
    }
  }

  @Test
  void an_interrupt_waits_for_the_kernel_and_is_kept() {
    try (Engine engine = Engine.start(EngineSettings.cpu(1))) {
      Thread.currentThread().interrupt();
      assertThat(engine.<Integer>call(_ -> 1)).isEqualTo(1);
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void an_archive_has_the_same_bytes_each_time_and_no_comments() {
    String source = "# a comment\nclass Kernels(Module):\n  # another\n  training : bool\n";
    assertThat(ModuleArchive.pack(source)).isEqualTo(ModuleArchive.pack(source));
    assertThat(ModuleArchive.withoutComments(source))
        .isEqualTo("class Kernels(Module):\n  training : bool\n");
  }

  @Test
  void a_layout_puts_parameters_side_by_side_and_names_what_does_not_fit() {
    SequencedMap<String, int[]> shapes = new LinkedHashMap<>();
    shapes.put("a", new int[] {2, 2});
    shapes.put("b", new int[] {3});
    ParameterLayout layout = new ParameterLayout(shapes);
    Map<String, Tensor> values =
        Map.of(
            "b", Tensor.of(new float[] {5, 6, 7}, 3),
            "a", Tensor.of(new float[] {1, 2, 3, 4}, 2, 2));
    assertThat(layout.size()).isEqualTo(7);
    assertThat(layout.offset("b")).isEqualTo(4);
    assertThat(layout.pack(values)).containsExactly(1, 2, 3, 4, 5, 6, 7);
    assertThat(layout.unpack(layout.pack(values)).get("b").data()).containsExactly(5, 6, 7);
    assertThatThrownBy(() -> layout.pack(Map.of("a", values.get("a"))))
        .hasMessageContaining("parameter missing: b");
    assertThatThrownBy(() -> layout.pack(Map.of("a", values.get("b"), "b", values.get("b"))))
        .hasMessageContaining("a must have shape [2, 2], was [3]");
    assertThatThrownBy(() ->
            layout.pack(Map.of("a", values.get("a"), "b", values.get("b"), "c", values.get("b"))))
        .hasMessageContaining("not known: c");
  }

  /// More than 2 GiB come in pieces; here the pieces are small.
  @Test
  void values_that_come_in_pieces_stand_in_order() {
    try (Engine engine = Engine.start(EngineSettings.cpu(1));
        NativeFloats values = NativeFloats.allocate(10)) {
      for (int i = 0; i < 10; i++) {
        values.segment().setAtIndex(ValueLayout.JAVA_FLOAT, i, i);
      }
      float[] read =
          engine.call(_ -> {
            PtNDArray whole = engine.inPieces(values, 16);
            float[] copy = whole.toFloatArray();
            whole.close();
            return copy;
          });
      assertThat(read).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    }
  }
}
