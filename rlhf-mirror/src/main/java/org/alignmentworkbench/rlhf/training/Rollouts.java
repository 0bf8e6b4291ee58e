package org.alignmentworkbench.rlhf.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.alignmentworkbench.model.safetensors.SafetensorsFile;
import org.alignmentworkbench.model.safetensors.SafetensorsWriter;

/// The samples of one iteration while they are trained on: sample i belongs to prompt `prompt[i]`
/// (a place in the list of all prompts) and carries its advantage and the summed log-probability
/// under the policy that made it.
record Rollouts(int[] prompt, List<int[]> responses, double[] advantages, double[] oldLogProbs) {
  private static final String FILE = "rollouts.safetensors";

  int size() {
    return prompt.length;
  }

  void save(Path folder) throws IOException {
    int[] lengths = responses.stream().mapToInt(ids -> ids.length).toArray();
    int[] ids = responses.stream().flatMapToInt(Arrays::stream).toArray();
    new SafetensorsWriter()
        .addInts("prompt", prompt, prompt.length)
        .addInts("lengths", lengths, lengths.length)
        .addInts("ids", ids, ids.length)
        .addLongs("advantages", bits(advantages), advantages.length)
        .addLongs("oldLogProbs", bits(oldLogProbs), oldLogProbs.length)
        .write(folder.resolve(FILE));
  }

  static boolean isIn(Path folder) {
    return Files.exists(folder.resolve(FILE));
  }

  static Rollouts load(Path folder) throws IOException {
    try (SafetensorsFile file = SafetensorsFile.open(folder.resolve(FILE))) {
      int[] ids = file.readInts("ids");
      var responses = new ArrayList<int[]>();
      int from = 0;
      for (int length : file.readInts("lengths")) {
        responses.add(Arrays.copyOfRange(ids, from, from + length));
        from += length;
      }
      return new Rollouts(
          file.readInts("prompt"),
          responses,
          doubles(file.readLongs("advantages")),
          doubles(file.readLongs("oldLogProbs")));
    }
  }

  // As bits: the format has no float64 reader here, and a decimal detour would need care.
  private static long[] bits(double[] values) {
    return Arrays.stream(values).mapToLong(Double::doubleToRawLongBits).toArray();
  }

  private static double[] doubles(long[] bits) {
    return Arrays.stream(bits).mapToDouble(Double::longBitsToDouble).toArray();
  }
}
