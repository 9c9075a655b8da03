import org.jspecify.annotations.NullMarked;

/** Tasks, evaluation, search, statistics and reports, for any model runtime. */
@NullMarked
@SuppressWarnings("module") // A module that is given its name here is compiled later.
module dev.tale.core {
  requires static transitive org.jspecify;
  requires com.fasterxml.jackson.databind;
  requires com.fasterxml.jackson.dataformat.yaml;
  requires com.google.common;
  requires com.samskivert.jmustache;
  requires de.siegmar.fastcsv;
  requires java.sql;
  requires liblinear;
  requires org.apache.commons.numbers.fraction;
  requires org.apache.commons.statistics.distribution;
  requires re2j;

  exports dev.tale;
  exports dev.tale.analysis;
  exports dev.tale.answers;
  exports dev.tale.benchmark;
  exports dev.tale.estimate;
  exports dev.tale.evaluate;
  exports dev.tale.gain;
  exports dev.tale.files to
      dev.tale.onnx;
  exports dev.tale.importance;
  exports dev.tale.information;
  exports dev.tale.journal;
  exports dev.tale.model;
  exports dev.tale.patch;
  exports dev.tale.policy;
  exports dev.tale.report;
  exports dev.tale.search;
  exports dev.tale.stats to
      dev.tale.onnx;
  exports dev.tale.task;

  opens dev.tale.journal to
      com.fasterxml.jackson.databind;
}
