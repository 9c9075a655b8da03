package dev.tale.bench.engine;

import ai.onnxruntime.OrtException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tale.evaluate.Configuration;
import dev.tale.model.RememberingModel;
import dev.tale.model.RunStatistics;
import dev.tale.onnx.Device;
import dev.tale.onnx.OnnxModel;
import dev.tale.search.SearchStrategy;
import dev.tale.search.Trajectory;
import dev.tale.task.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * One round and a whole search by the engine, and the same sharing nothing, in one process: what
 * each counted and how long it took, beside what counting allows.
 */
public final class EngineTable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final double DELTA = 0.05;
  private static final double TOLERANCE = 0.02;

  private final Path directory;
  private final EngineRows rows;
  private final int searchRows;
  private final int searchRounds;
  private final int seeds;
  private final int repeats;
  private final ObjectNode root = JSON.createObjectNode();

  private EngineTable(
      Path directory, EngineRows rows, int searchRows, int searchRounds, int seeds, int repeats) {
    this.directory = directory;
    this.rows = rows;
    this.searchRows = searchRows;
    this.searchRounds = searchRounds;
    this.seeds = seeds;
    this.repeats = repeats;
  }

  /**
   * Measures and writes JSON to a file, and the rows beside it, to {@code FILE.rows.jsonl}.
   *
   * @param searchRows how many of the rows the searches score
   * @param searchRounds how many rounds they have at most
   * @param seeds under how many orders of the rows races are held; 0 for none
   * @param repeats how often each side is timed, by turns; of each the run of middle time counts
   */
  public static void run(
      Path model,
      EngineRows rows,
      int searchRows,
      int searchRounds,
      int seeds,
      int repeats,
      Path out)
      throws IOException, OrtException {
    rows.write(out.resolveSibling(out.getFileName() + ".rows.jsonl"));
    EngineTable table = new EngineTable(model, rows, searchRows, searchRounds, seeds, repeats);
    table.measure();
    JSON.writerWithDefaultPrettyPrinter().writeValue(out.toFile(), table.root);
  }

  private void measure() throws IOException, OrtException {
    root.put("model", String.valueOf(directory.getFileName()));
    root.put("rows", rows.rows().size());
    root.put("searchRows", searchRows);
    root.put("searchRounds", searchRounds);
    root.put("repeats", repeats);
    List<Side> engines = new ArrayList<>();
    List<Side> naives = new ArrayList<>();
    try (OnnxModel model = OnnxModel.open(directory)) {
      engines.add(side(model));
      race(model, engines.get(0).search);
      root.put("weightsBytes", weights());
      root.put("peakRssBytes", peakResidentBytes());
      root.put("runtime", model.info().runtime());
    }
    naives.add(side(Device.cpu().sharingNothing()));
    while (naives.size() < repeats) {
      engines.add(side(Device.cpu()));
      naives.add(side(Device.cpu().sharingNothing()));
    }
    compare(engines, naives);
    efficiency(Side.middle(engines).round);
    print();
  }

  private Side side(Device device) throws IOException {
    try (OnnxModel model = OnnxModel.builder(directory).device(device).open()) {
      return side(model);
    }
  }

  private Side side(OnnxModel model) {
    Task few = rows.task(Math.min(16, rows.rows().size()));
    EngineRun.baseline(model, few); // what is made once is made here
    EngineRun<List<Configuration>> round = EngineRun.round(model, rows.task(rows.rows().size()));
    EngineRun<Trajectory> search =
        EngineRun.search(
            model, rows.task(searchRows), SearchStrategy.greedy().scoringAll(), searchRounds);
    return new Side(round, search);
  }

  /** The same search by races, and its rounds raced again under many orders of the rows. */
  private void race(OnnxModel model, EngineRun<Trajectory> full) {
    put("exactRacing", model, SearchStrategy.greedy(), full);
    put("racing", model, SearchStrategy.greedy().racing(DELTA, TOLERANCE), full);
    if (seeds == 0) {
      return;
    }
    // Not closed: it would close the model.
    RememberingModel memory = new RememberingModel(model);
    Task task = rows.task(searchRows);
    Trajectory known =
        EngineRun.search(memory, task, SearchStrategy.greedy().scoringAll(), searchRounds).result();
    RacingTable table = new RacingTable(memory, task, known);
    root.putArray("races")
        .add(table.exact())
        .add(table.row("racing", 1e-3, 0, seeds))
        .add(table.row("racing", DELTA, TOLERANCE, seeds));
  }

  private void put(
      String name, OnnxModel model, SearchStrategy strategy, EngineRun<Trajectory> full) {
    EngineRun<Trajectory> run =
        EngineRun.search(model, rows.task(searchRows), strategy, searchRounds);
    ObjectNode node = root.putObject(name);
    node.put("strategy", strategy.toString());
    node.set("path", path(run.result()));
    node.put("samePath", path(run.result()).equals(path(full.result())));
    node.put("seconds", run.seconds());
    node.put("layerForwardsUsed", run.statistics().layerForwards());
    node.put("layerForwardsNaive", run.work().naiveLayerForwards());
    node.put(
        "evaluationsShare",
        (double) run.work().rowEvaluations() / run.work().naiveRowEvaluations());
  }

  /** What one side did. */
  private record Side(EngineRun<List<Configuration>> round, EngineRun<Trajectory> search) {
    static Side middle(List<Side> turns) {
      return new Side(
          EngineRun.middle(turns.stream().map(Side::round).toList()),
          EngineRun.middle(turns.stream().map(Side::search).toList()));
    }
  }

  private void compare(List<Side> engines, List<Side> naives) {
    Side engine = Side.middle(engines);
    Side naive = Side.middle(naives);
    List<Side> all = Stream.of(engines, naives).flatMap(List::stream).toList();
    ObjectNode round = root.putObject("round");
    ArrayNode correct = round.putArray("correct");
    engine.round.result().forEach(each -> correct.add(each.score().correct()));
    round.put("identical", identical(all, side -> correct(side.round)));
    put(round, engine.round, naive.round);
    root.set("rounds", rounds(engine.search.result()));
    root.set("path", path(engine.search.result()));
    root.put("identicalPath", identical(all, side -> path(side.search.result())));
    root.put("identicalRounds", identical(all, side -> rounds(side.search.result())));
    put(root, engine.search, naive.search);
  }

  /** Returns whether both sides found the same in every turn. */
  private static boolean identical(List<Side> all, Function<Side, Object> found) {
    return all.stream().map(found).distinct().count() == 1;
  }

  private static List<Integer> correct(EngineRun<List<Configuration>> round) {
    return round.result().stream().map(each -> each.score().correct()).toList();
  }

  private static void put(ObjectNode node, EngineRun<?> engine, EngineRun<?> naive) {
    double bound =
        (double) naive.statistics().layerForwards() / engine.statistics().layerForwards();
    double speedup = naive.seconds() / engine.seconds();
    node.put("layerForwardsNaive", naive.statistics().layerForwards());
    node.put("layerForwardsUsed", engine.statistics().layerForwards());
    node.put("secondsNaive", naive.seconds());
    node.put("secondsEngine", engine.seconds());
    node.put("speedupOverNaive", speedup);
    node.put("boundByLayerForwards", bound);
    node.put("shareOfBound", speedup / bound);
    node.set("runs", runs(engine.statistics()));
  }

  private static ObjectNode runs(RunStatistics statistics) {
    ObjectNode node = JSON.createObjectNode();
    node.put("runs", statistics.runs());
    node.put("tokens", statistics.tokens());
    node.put("paddingShare", statistics.paddingShare());
    node.put("bytesIn", statistics.bytesIn());
    node.put("bytesOut", statistics.bytesOut());
    node.put("secondsEncoding", statistics.encoding().toNanos() / 1e9);
    node.put("secondsFeeding", statistics.feeding().toNanos() / 1e9);
    node.put("secondsRunning", statistics.running().toNanos() / 1e9);
    node.put("secondsReading", statistics.reading().toNanos() / 1e9);
    return node;
  }

  private static ArrayNode rounds(Trajectory trajectory) {
    ArrayNode rounds = JSON.createArrayNode();
    trajectory
        .rounds()
        .forEach(
            round -> {
              ArrayNode candidates = rounds.addObject().putArray("candidates");
              round.candidates().forEach(each -> candidates.add(candidate(each, trajectory)));
            });
    return rounds;
  }

  private static ArrayNode path(Trajectory trajectory) {
    ArrayNode path = JSON.createArrayNode();
    trajectory.path().forEach(each -> path.add(candidate(each, trajectory)));
    return path;
  }

  /** The layer that a configuration lacks beside those removed before; -1 removes nothing. */
  private static ObjectNode candidate(Configuration configuration, Trajectory trajectory) {
    ObjectNode node = JSON.createObjectNode();
    List<Configuration> path = trajectory.path();
    int removed = configuration.mask().removedCount();
    int layer =
        removed == 0
            ? -1
            : configuration.mask().removed().stream()
                .filter(each -> !path.get(removed - 1).mask().removes(each))
                .findFirst()
                .orElseThrow();
    node.put("removed", layer);
    node.put("correct", configuration.score().correct());
    return node;
  }

  /** What the round multiplied, against matrices of the same shapes multiplied alone. */
  private void efficiency(EngineRun<List<Configuration>> round) throws IOException, OrtException {
    ModelShape shape = ModelShape.read(directory);
    RunStatistics ran = round.statistics();
    long reads = (long) rows.rows().size() * shape.layers();
    double engine = shape.operations(ran.layerForwards(), reads);
    long tokens = round.work().naiveLayerForwards() / (shape.layers() - 1);
    double released = shape.operations(round.work().naiveLayerForwards(), tokens);
    int threads = Runtime.getRuntime().availableProcessors();
    int perRun = (int) Math.max(1, ran.tokens() / ran.runs());
    double cached = matMul(shape, 1, threads, perRun);
    double bare = matMul(shape, shape.layers(), threads, perRun);
    ObjectNode node = root.putObject("efficiency");
    node.put("tokensPerRun", perRun);
    node.put("gflopsEngine", engine / round.seconds() / 1e9);
    node.put("gflopsMatMul", bare / 1e9);
    node.put("gflopsMatMulOfOneLayer", cached / 1e9);
    node.put("share", engine / round.seconds() / bare);
    node.put("shareOfOneLayer", engine / round.seconds() / cached);
    node.put("boundOverReleasedByOperations", released / engine);
  }

  private static double matMul(ModelShape shape, int layers, int threads, int tokens)
      throws OrtException {
    try (MatMulSpeed speed = MatMulSpeed.open(shape, layers, threads)) {
      return speed.measure(tokens);
    }
  }

  private long weights() throws IOException {
    try (Stream<Path> files = Files.walk(directory, 2)) {
      return files
          .filter(file -> String.valueOf(file.getFileName()).contains(".onnx"))
          .mapToLong(file -> file.toFile().length())
          .sum();
    }
  }

  /** The most memory that this process has had, or -1 where the system does not tell. */
  private static long peakResidentBytes() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (Files.notExists(status)) {
      return -1;
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
        .findFirst()
        .orElse(-1);
  }

  private void print() {
    Map<String, String> lines = new TreeMap<>();
    collect("", root, lines);
    lines.forEach((name, value) -> System.out.printf(Locale.ROOT, "%-40s %s%n", name, value));
  }

  private static void collect(String prefix, ObjectNode node, Map<String, String> lines) {
    node.properties()
        .forEach(
            field -> {
              String name = prefix + field.getKey();
              if (field.getValue() instanceof ObjectNode child) {
                collect(name + ".", child, lines);
              } else if (field.getValue().isValueNode()) {
                lines.put(name, field.getValue().asText());
              }
            });
  }
}
