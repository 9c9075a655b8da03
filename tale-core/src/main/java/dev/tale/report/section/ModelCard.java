package dev.tale.report.section;

import dev.tale.document.Block;
import dev.tale.document.Block.Paragraph;
import dev.tale.document.Block.Warning;
import dev.tale.document.Document;
import dev.tale.document.DocumentSection;
import dev.tale.document.MarkdownText;
import dev.tale.document.Table;
import dev.tale.evaluate.Configuration;
import dev.tale.evaluate.PairedComparison;
import dev.tale.evaluate.Score;
import dev.tale.report.GuardScores;
import dev.tale.report.Provenance;
import dev.tale.report.Report;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The {@code README.md} of a written model: its removed layers, its figures, its limits, where it
 * comes from, and how clients load it. Measured times are not in it: the same search writes the
 * same bytes.
 */
public final class ModelCard {
  /** The card of the original, if it came with one. */
  public static final String ORIGINAL = "README.original.md";

  private final Report report;
  private final Provenance from;
  private final Configuration written;

  private ModelCard(Report report, Configuration written) {
    this.report = report;
    this.from = report.provenance();
    this.written = written;
  }

  /**
   * Writes the card as Markdown.
   *
   * @param written the configuration that was written, of the report
   * @param files names of the files in its directory
   */
  public static String of(Report report, Configuration written, List<String> files) {
    ModelCard card = new ModelCard(report, written);
    return MarkdownText.write(
        new Document(
            report.provenance().model().name() + " for " + report.provenance().selection().name(),
            List.of(
                card.section("removed", "What it is", card.removed(files)),
                card.section("figures", "Figures", card.figures()),
                card.section("limits", "What it is not for", card.limits()),
                card.section("origin", "How it was made", card.origin()),
                card.section("loading", "How to load it", loading(files)))));
  }

  private DocumentSection section(String id, String title, List<Block> blocks) {
    return new DocumentSection(id, title, blocks);
  }

  private List<Block> removed(List<String> files) {
    List<Block> blocks = new ArrayList<>();
    blocks.add(
        new Paragraph(
            Figures.format(
                "%s without %d of its %s: %s. Everything that stays is as it was; nothing was"
                    + " trained. Indices are 0-based and those of the original.",
                from.model().name(),
                written.mask().removedCount(),
                SummarySection.size(from.model()),
                Figures.names(report.removed(written)))));
    if (files.contains(ORIGINAL)) {
      blocks.add(new Paragraph("Licence and history: see " + ORIGINAL + ", the original's card."));
    }
    return blocks;
  }

  private List<Block> figures() {
    List<List<String>> rows = new ArrayList<>();
    row(rows, "held-out rows, which chose nothing", Configuration::heldOut);
    row(rows, "selection rows, which chose the layers", each -> Optional.of(each.score()));
    for (int i = 0; i < report.guards().size(); i++) {
      int guard = i;
      GuardScores scores = report.guards().get(i);
      row(
          rows,
          "guarded task " + scores.guard().task().name(),
          each -> Optional.of(each.guards().get(guard)));
    }
    List<Block> blocks = new ArrayList<>();
    blocks.add(
        Table.open(
            "Right answers with 95 % interval", List.of("rows", "original", "this model"), rows));
    test().ifPresent(text -> blocks.add(new Paragraph(text)));
    blocks.addAll(GainText.parts(report, written));
    blocks.addAll(GainText.warnings(report, written));
    if (!report.isHeldOut()) {
      blocks.add(
          new Warning(
              "Selected and reported on the same rows, so that the accuracy of this model is too"
                  + " high; expect less on new ones."));
    }
    return blocks;
  }

  private void row(
      List<List<String>> rows,
      String name,
      Function<Configuration, Optional<? extends Score>> score) {
    Optional<? extends Score> before = score.apply(report.baseline());
    Optional<? extends Score> after = score.apply(written);
    if (before.isPresent() && after.isPresent()) {
      rows.add(List.of(name, Figures.counted(before.get()), Figures.counted(after.get())));
    }
  }

  private Optional<String> test() {
    if (written.isBaseline() || written.versusBaseline().size() != 1) {
      return Optional.empty();
    }
    PairedComparison versus = written.versusBaseline().get(0);
    return Optional.of(
        Figures.format(
            "Of the held-out rows it gained %d and lost %d (exact McNemar p = %.3g, for one"
                + " comparison).",
            versus.gained(), versus.lost(), versus.pValue()));
  }

  private List<Block> limits() {
    String task = from.selection().name();
    String guarded =
        report.guards().isEmpty()
            ? "no other task was measured"
            : "of other tasks only those above were measured";
    return List.of(
        new Paragraph(
            "The layers were removed for "
                + task
                + ", asked as in the search. Removing layers changes every other use of a model:"
                + " "
                + guarded
                + ". Score what else you need before you deploy it."));
  }

  private List<Block> origin() {
    return List.of(
        new Paragraph(
            Figures.format(
                "Tale %s, %s, floor %s, choice %s; %d rows chose the layers%s. Model %s, rows %s.",
                from.taleVersion(),
                from.strategy(),
                from.floor(),
                from.tradeOff(),
                from.selection().rows(),
                from.heldOut().map(rows -> ", " + rows.rows() + " were held out").orElse(""),
                from.model().contentHash(),
                from.selection().contentHash())));
  }

  private static List<Block> loading(List<String> files) {
    List<Block> clients = new ArrayList<>();
    Stream.of(
            new Client(
                name -> name.endsWith(".gguf"),
                "llama.cpp and what builds on it (Ollama, LM Studio): the .gguf file, as the"
                    + " original."),
            new Client(
                name -> name.endsWith(".safetensors"),
                "transformers, vLLM and others of Hugging Face folders: from_pretrained with this"
                    + " directory, no code of its own."),
            new Client(
                name -> name.endsWith(".onnx") || name.equals("onnx"),
                "ONNX Runtime in any language, Optimum and transformers.js: the graph, as the"
                    + " original."),
            new Client(
                name -> name.equals("genai_config.json"),
                "onnxruntime-genai: Model with this directory."))
        .filter(client -> files.stream().anyMatch(client.file()))
        .forEach(client -> clients.add(new Paragraph(client.text())));
    clients.add(
        new Paragraph("Tale: OnnxModel.open with this directory; it can be pruned further."));
    return clients;
  }

  /** A way to load a model, and the file that it needs. */
  private record Client(Predicate<String> file, String text) {}
}
