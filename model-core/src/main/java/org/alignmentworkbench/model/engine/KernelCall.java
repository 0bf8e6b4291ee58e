package org.alignmentworkbench.model.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.List;
import java.util.function.Function;

/// One visit to the kernel thread: makes arrays and runs kernels on them.
///
/// Arguments of a kernel may be [NDArray], [ResidentArray], `List` of [NDArray], `Long`, `Integer`,
/// `Double`, `Boolean` and `long[]`.
public final class KernelCall {
  private final PtNDManager manager;
  private final PtSymbolBlock kernels;

  KernelCall(PtNDManager manager, PtSymbolBlock kernels) {
    this.manager = manager;
    this.kernels = kernels;
  }

  /// A float32 array of this call.
  public NDArray floats(float[] values, long... shape) {
    return floats(manager, values, shape);
  }

  static PtNDArray floats(PtNDManager manager, float[] values, long... shape) {
    return manager.create(FloatBuffer.wrap(values), new Shape(shape), DataType.FLOAT32);
  }

  NDArray onto(MemorySegment floats) {
    return onto(manager, floats);
  }

  /// An array that reads and writes the memory itself (on a GPU: a copy of it).
  static PtNDArray onto(PtNDManager manager, MemorySegment floats) {
    return manager.create(
        floats.asByteBuffer().order(ByteOrder.nativeOrder()),
        new Shape(floats.byteSize() / Float.BYTES),
        DataType.FLOAT32);
  }

  /// A float64 array of this call.
  public NDArray doubles(double[] values, long... shape) {
    return manager.create(DoubleBuffer.wrap(values), new Shape(shape), DataType.FLOAT64);
  }

  /// An int64 array of this call.
  public NDArray longs(long[] values, long... shape) {
    return manager.create(LongBuffer.wrap(values), new Shape(shape), DataType.INT64);
  }

  /// Runs a kernel that returns one array.
  public NDArray tensor(String kernel, Object... arguments) {
    return run(kernel, value -> value.toTensor(manager), arguments);
  }

  /// Runs a kernel that returns a list of arrays.
  public List<NDArray> tensors(String kernel, Object... arguments) {
    return run(kernel, value -> List.<NDArray>of(value.toTensorArray(manager)), arguments);
  }

  /// Runs a kernel that returns a number.
  public double number(String kernel, Object... arguments) {
    return run(kernel, IValue::toDouble, arguments);
  }

  private <T> T run(String kernel, Function<IValue, T> read, Object... arguments) {
    IValue[] values = new IValue[arguments.length];
    try {
      for (int i = 0; i < arguments.length; i++) {
        values[i] = value(arguments[i]);
      }
      try (IValue result = IValueUtils.runMethod(kernels, kernel, values)) {
        return read.apply(result);
      }
    } finally {
      for (IValue value : values) {
        if (value != null) {
          value.close();
        }
      }
    }
  }

  private static PtNDArray array(Object argument) {
    return argument instanceof ResidentArray resident ? resident.array() : (PtNDArray) argument;
  }

  private static IValue value(Object argument) {
    return switch (argument) {
      case PtNDArray array -> IValue.from(array);
      case ResidentArray resident -> IValue.from(resident.array());
      case List<?> arrays ->
          IValue.listFrom(arrays.stream().map(KernelCall::array).toArray(PtNDArray[]::new));
      case Long number -> IValue.from(number);
      case Integer number -> IValue.from(number.longValue());
      case Double number -> IValue.from(number);
      case Boolean flag -> IValue.from(flag);
      case long[] numbers -> IValue.listFrom(numbers);
      default ->
          throw new IllegalArgumentException("no kernel takes a " + argument.getClass().getName());
    };
  }
}
