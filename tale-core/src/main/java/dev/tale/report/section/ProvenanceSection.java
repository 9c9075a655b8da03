package dev.tale.report.section;

import dev.tale.document.Block.Paragraph;
import dev.tale.document.DocumentSection;
import dev.tale.document.Table;
import dev.tale.journal.Work;
import dev.tale.report.GuardScores;
import dev.tale.report.Provenance;
import dev.tale.report.Report;
import dev.tale.report.TaskSetSummary;
import dev.tale.report.TaskSummary;
import dev.tale.task.DataSplit;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** The origin of the result, and its cost. */
final class ProvenanceSection {
  private ProvenanceSection() {}

  static DocumentSection of(ReportContent content) {
    Paragraph same =
        new Paragraph(
            "The same model, rows and settings give the same figures on one machine; report.json"
                + " holds what a later run needs to say what differs.");
    return new DocumentSection(
        "provenance",
        "Where this comes from",
        List.of(same, origin(content.provenance()), cost(content.report())));
  }

  private static Table origin(Provenance from) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("Tale", from.taleVersion()));
    rows.add(List.of("model", from.model().name()));
    rows.add(List.of("model SHA-256", from.model().contentHash()));
    rows.add(
        List.of(
            "layers", from.model().layerCount() + " of granularity " + from.model().granularity()));
    rows.add(List.of("runtime", from.model().runtime()));
    addRows(rows, "selection", from.selection());
    from.heldOut()
        .ifPresentOrElse(
            heldOut -> addRows(rows, "held-out", heldOut),
            () -> rows.add(List.of("held-out rows", "none")));
    from.guards()
        .forEach(
            guard -> rows.add(List.of("guard, may lose " + guard.maxDrop(), text(guard.task()))));
    rows.add(List.of("strategy", from.strategy()));
    rows.add(List.of("lowest accuracy accepted", from.floor()));
    rows.add(List.of("budget", budget(from.budget())));
    rows.add(List.of("trade-off", from.tradeOff()));
    rows.add(List.of("Java", from.java()));
    rows.add(List.of("operating system", from.operatingSystem()));
    return Table.open("Provenance", List.of("what", "value"), rows);
  }

  private static String budget(OptionalLong budget) {
    return budget.isEmpty()
        ? "none"
        : Figures.format("%,d", budget.getAsLong()) + " layer-forwards";
  }

  private static void addRows(List<List<String>> rows, String kind, TaskSetSummary tasks) {
    tasks.tasks().forEach(task -> rows.add(List.of(kind + " rows", text(task))));
    if (tasks.isWeighted()) {
      rows.add(List.of(kind + " weights", tasks.weights().toString()));
    }
  }

  private static String text(TaskSummary task) {
    return task.rows()
        + " rows of "
        + task.name()
        + ", "
        + task.metric()
        + (task.dataSplit() == DataSplit.UNSPECIFIED ? "" : ", split " + task.dataSplit())
        + ", SHA-256 "
        + task.contentHash();
  }

  private static Table cost(Report report) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(row("selection, " + report.evaluations() + " masks", report.selectionWork()));
    if (report.isHeldOut()) {
      rows.add(row("held-out", report.heldOutWork()));
    }
    for (GuardScores guard : report.guards()) {
      rows.add(row("guard " + guard.guard().task().name(), guard.work()));
    }
    return Table.open(
        "Cost of the search",
        List.of("rows", "rows times masks", "of", "layer-forwards", "of"),
        rows);
  }

  private static List<String> row(String rows, Work work) {
    return List.of(
        rows,
        Figures.format("%,d", work.rowEvaluations()),
        Figures.format("%,d", work.naiveRowEvaluations()),
        Figures.format("%,d", work.layerForwards()),
        Figures.format("%,d", work.naiveLayerForwards()));
  }
}
