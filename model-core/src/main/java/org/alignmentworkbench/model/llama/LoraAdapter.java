package org.alignmentworkbench.model.llama;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.alignmentworkbench.model.random.CounterStream;
import org.alignmentworkbench.model.tensor.Tensor;

/// An adapter's values under peft's names.
///
/// @param config its shape
/// @param weights A and B of every adapted map; shared with the caller, not copied
public record LoraAdapter(LoraConfig config, SequencedMap<String, Tensor> weights) {
  /// Keeps the order and refuses changes of the map.
  public LoraAdapter {
    weights = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(weights));
  }

  /// An adapter that changes nothing yet: B is zero, A uniform over +-1/sqrt(inputs) (the bound of
  /// peft's Kaiming-uniform start with a = sqrt 5). Each A draws from its own part of the stream,
  /// so that the order of filling cannot matter.
  public static LoraAdapter fresh(LlamaConfig llama, LoraConfig config, CounterStream stream) {
    SequencedMap<String, Tensor> weights = new LinkedHashMap<>();
    int drawn = 0;
    for (var entry : config.weightShapes(llama).entrySet()) {
      Tensor weight = Tensor.zeros(entry.getValue());
      if (entry.getKey().endsWith("lora_A.weight")) {
        float[] data = weight.data();
        double bound = 1 / Math.sqrt(weight.extent(1));
        for (int i = 0; i < data.length; i++) {
          data[i] = (float) (bound * (2 * stream.uniform(drawn++) - 1));
        }
      }
      weights.put(entry.getKey(), weight);
    }
    return new LoraAdapter(config, weights);
  }
}
