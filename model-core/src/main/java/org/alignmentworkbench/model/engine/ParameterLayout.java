package org.alignmentworkbench.model.engine;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.alignmentworkbench.model.tensor.Tensor;

/// Where each named parameter lies in one flat array.
///
/// Kernels take all parameters of a model as a single array: parameters that stand beside each
/// other can be read as one matrix, and an optimiser step is one pass.
public final class ParameterLayout {
  private final SequencedMap<String, int[]> shapes = new LinkedHashMap<>();
  private final Map<String, Integer> offsets = new LinkedHashMap<>();
  private final int size;

  /// The layout of parameters in this order, without gaps.
  public ParameterLayout(SequencedMap<String, int[]> shapes) {
    int offset = 0;
    for (Map.Entry<String, int[]> entry : shapes.entrySet()) {
      int[] shape = entry.getValue().clone();
      this.shapes.put(entry.getKey(), shape);
      offsets.put(entry.getKey(), offset);
      int length = 1;
      for (int extent : shape) {
        length = Math.multiplyExact(length, extent);
      }
      offset = Math.addExact(offset, length);
    }
    this.size = offset;
  }

  /// The number of values of all parameters.
  public int size() {
    return size;
  }

  /// The first value's index.
  public int offset(String name) {
    Integer offset = offsets.get(name);
    if (offset == null) {
      throw new IllegalArgumentException("no parameter is named " + name);
    }
    return offset;
  }

  /// The flat array of named parameters.
  ///
  /// @throws IllegalArgumentException if one is missing, unknown or of another shape
  public float[] pack(Map<String, Tensor> parameters) {
    float[] flat = new float[size];
    for (Map.Entry<String, int[]> entry : shapes.entrySet()) {
      Tensor value = parameters.get(entry.getKey());
      if (value == null) {
        throw new IllegalArgumentException("parameter missing: " + entry.getKey());
      }
      if (!Arrays.equals(value.shape(), entry.getValue())) {
        throw new IllegalArgumentException(
            entry.getKey()
                + " must have shape "
                + Arrays.toString(entry.getValue())
                + ", was "
                + Arrays.toString(value.shape()));
      }
      System.arraycopy(value.data(), 0, flat, offset(entry.getKey()), value.size());
    }
    for (String name : parameters.keySet()) {
      if (!shapes.containsKey(name)) {
        throw new IllegalArgumentException("parameter not known: " + name);
      }
    }
    return flat;
  }

  /// The named parameters of a flat array, as copies in this order.
  public SequencedMap<String, Tensor> unpack(float[] flat) {
    if (flat.length != size) {
      throw new IllegalArgumentException("must be " + size + " values, was " + flat.length);
    }
    SequencedMap<String, Tensor> parameters = new LinkedHashMap<>();
    for (Map.Entry<String, int[]> entry : shapes.entrySet()) {
      Tensor value = Tensor.zeros(entry.getValue());
      System.arraycopy(flat, offset(entry.getKey()), value.data(), 0, value.size());
      parameters.put(entry.getKey(), value);
    }
    return parameters;
  }
}
