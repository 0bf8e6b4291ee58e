package org.alignmentworkbench.model.engine;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/// The natives, the kernels, and the one thread they run on.
///
/// Every kernel call of an engine runs on its own thread, because two native settings hold for the
/// calling thread only: the number of threads, and the graph executor. The graph executor is off:
/// with it, equal input gives other gradient bits in the first, second and later calls (it
/// profiles, specialises, then runs), and a resumed training would part from an uninterrupted one.
///
/// Native memory made during a call belongs to the call and is freed at its end; what stays is a
/// [ResidentArray].
public final class Engine implements AutoCloseable {
  private final ExecutorService thread;
  private final EngineSettings settings;
  private volatile @Nullable Thread kernelThread;
  private final PtNDManager root;
  private final PtSymbolBlock kernels;
  private final boolean canPack;
  private final Products products;

  private Engine(EngineSettings settings) {
    this.settings = settings;
    this.thread =
        Executors.newSingleThreadExecutor(task -> {
          Thread made = new Thread(task, "kernels");
          made.setDaemon(true);
          kernelThread = made;
          return made;
        });
    try {
      this.root = onThread(() -> openRoot(settings));
      this.canPack =
          onThread(() -> root.getDevice().equals(Device.cpu()) && knowsPackedProducts(root));
      this.products = settings.products().here(canPack);
      this.kernels = onThread(() -> loadKernels(root, canPack, products));
    } catch (RuntimeException | Error e) {
      thread.shutdown();
      throw e;
    }
  }

  /// Loads the natives and the kernels.
  ///
  /// @throws IllegalArgumentException if the device is not there
  public static Engine start(EngineSettings settings) {
    return new Engine(settings);
  }

  private static PtNDManager openRoot(EngineSettings settings) {
    // The natives are on the class path: nothing may be fetched and nothing reported home.
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("OPT_OUT_TRACKING", "true");
    System.setProperty("ai.djl.pytorch.graph_optimizer", "false");
    System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
    System.setProperty("ai.djl.pytorch.num_threads", Integer.toString(settings.threads()));
    int gpus = ai.djl.engine.Engine.getEngine("PyTorch").getGpuCount();
    Device device = device(settings.device(), gpus);
    PtNDManager manager = (PtNDManager) NDManager.newBaseManager(device, "PyTorch");
    JniUtils.setNumThreads(settings.threads());
    JniUtils.setGraphExecutorOptimize(false);
    return manager;
  }

  static Device device(String name, int gpus) {
    if (name.equals("cpu") || (name.equals("auto") && gpus == 0)) {
      return Device.cpu();
    }
    int index = name.equals("auto") ? 0 : Integer.parseInt(name.substring("cuda:".length()));
    if (index >= gpus) {
      throw new IllegalArgumentException(
          "device " + name + " is not there: the natives see " + gpus + " GPUs");
    }
    return Device.gpu(index);
  }

  private static PtSymbolBlock loadKernels(
      PtNDManager manager, boolean canPack, Products products) {
    return load(
        manager,
        source("kernels.txt")
            + source(canPack ? "products-packed.txt" : "products-plain.txt")
            + source(products == Products.ONEDNN ? "dense-onednn.txt" : "dense-blas.txt"));
  }

  private static PtSymbolBlock load(PtNDManager manager, String source) {
    try {
      return JniUtils.loadModule(
          manager, new ByteArrayInputStream(ModuleArchive.pack(source)), false, false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String source(String resource) {
    try (InputStream in = Engine.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("the resource " + resource + " is missing beside Engine");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Natives without oneDNN do not know its operators and refuse a module that names them.
  private static boolean knowsPackedProducts(PtNDManager manager) {
    String probe = source("products-probe.txt") + source("products-packed.txt");
    try {
      load(manager, probe).close();
      return true;
    } catch (EngineException e) {
      return false;
    }
  }

  /// What this engine was started with.
  public EngineSettings settings() {
    return settings;
  }

  /// The device it runs on, such as `cpu` or `cuda:0`.
  public String device() {
    Device device = root.getDevice();
    return device.isGpu() ? "cuda:" + device.getDeviceId() : "cpu";
  }

  /// Whether weights can be brought into the layout of the packed product.
  public boolean canPack() {
    return canPack;
  }

  /// Whose large products in float32 are taken: never `AUTO`.
  public Products products() {
    return products;
  }

  /// The number of native arrays alive between calls.
  public int residentArrays() {
    return onThread(() -> root.getManagedArrays().size());
  }

  /// Runs some kernels on the kernel thread; every array made inside is freed when it returns.
  ///
  /// A task may itself call back into the engine. An interrupt of the caller does not cut a kernel
  /// short; it is kept for the caller to see.
  public <T> T call(Function<KernelCall, T> task) {
    return onThread(() -> {
      try (PtNDManager manager = root.newSubManager(root.getDevice())) {
        return task.apply(new KernelCall(manager, kernels));
      }
    });
  }

  /// Runs a task and writes what the natives did meanwhile to a file, in the trace event format
  /// that browsers' tracing pages open: every operator of the kernel thread with its inputs'
  /// shapes.
  public void profile(IntSupplier task, Path file) {
    onThread(() -> {
      JniUtils.startProfile(false, true, false);
      return true;
    });
    try {
      int _ = task.getAsInt();
    } finally {
      onThread(() -> {
        JniUtils.stopProfile(file.toString());
        return true;
      });
    }
  }

  /// A place for arrays that outlive single calls.
  public KernelScope scope() {
    return new KernelScope(this, onThread(() -> root.newSubManager(root.getDevice())));
  }

  <T> T callIn(PtNDManager manager, Function<KernelCall, T> task) {
    return onThread(() -> task.apply(new KernelCall(manager, kernels)));
  }

  /// An array that stays until it is closed.
  public ResidentArray resident(float[] values) {
    return new ResidentArray(
        this, onThread(() -> KernelCall.floats(root, values, values.length)), null);
  }

  /// An array on values outside the heap, which it takes over: nothing is copied on the CPU, unless
  /// the values take more than 2 GiB, the most that the natives' Java interface takes at once.
  public ResidentArray resident(NativeFloats values) {
    try {
      PtNDArray array =
          onThread(() -> {
            if (values.segment().byteSize() <= Integer.MAX_VALUE) {
              return KernelCall.onto(root, values.segment());
            }
            return inPieces(values, Integer.MAX_VALUE / 64 * 64);
          });
      return new ResidentArray(this, array, values);
    } catch (RuntimeException | Error refused) {
      values.close();
      throw refused;
    }
  }

  PtNDArray inPieces(NativeFloats values, long pieceBytes) {
    PtNDArray whole = root.create(new Shape(values.size()), DataType.FLOAT32);
    for (long at = 0; at < values.segment().byteSize(); at += pieceBytes) {
      long offset = at;
      long bytes = Math.min(pieceBytes, values.segment().byteSize() - at);
      call(call -> {
        NDArray piece = call.onto(values.segment().asSlice(offset, bytes));
        return call.tensor("assign_from", whole, piece, offset / Float.BYTES).getShape();
      });
    }
    return whole;
  }

  private <T> T onThread(Callable<T> task) {
    if (Thread.currentThread() == kernelThread) {
      return unchecked(task);
    }
    Future<T> future = thread.submit(task);
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return future.get();
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          throw rethrow(e.getCause());
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static <T> T unchecked(Callable<T> task) {
    try {
      return task.call();
    } catch (Exception e) {
      throw rethrow(e);
    }
  }

  private static RuntimeException rethrow(@Nullable Throwable cause) {
    return switch (cause) {
      case RuntimeException e -> e;
      case Error e -> throw e;
      case null, default -> new IllegalStateException(cause);
    };
  }

  /// Frees everything native, resident arrays included.
  @Override
  public void close() {
    if (thread.isShutdown()) {
      return;
    }
    onThread(() -> {
      kernels.close();
      root.close();
      return true;
    });
    thread.shutdown();
  }
}
