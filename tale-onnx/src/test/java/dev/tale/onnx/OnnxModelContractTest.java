package dev.tale.onnx;

import dev.tale.model.Granularity;
import dev.tale.model.LayeredModel;
import dev.tale.model.Request;
import dev.tale.onnx.families.Fixtures;
import dev.tale.testing.LayeredModelContract;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

@Tag("slow")
class OnnxModelContractTest {

  private abstract static class Contract extends LayeredModelContract {
    private final String fixture;
    private final Granularity granularity;

    Contract(String fixture, Granularity granularity) {
      this.fixture = fixture;
      this.granularity = granularity;
    }

    @Override
    protected LayeredModel open() throws IOException {
      return OnnxModel.builder(Fixtures.named(fixture).directory())
          .device(Device.cpu(1))
          .granularity(granularity)
          .open();
    }

    @Override
    protected double batchTolerance() {
      return 1e-4;
    }
  }

  private abstract static class DecoderContract extends Contract {
    DecoderContract(String fixture, Granularity granularity) {
      super(fixture, granularity);
    }

    @Override
    protected List<Request> requests() {
      return List.of(
          new Request.LogLikelihood("a b c", " d"),
          new Request.Generation("one two three", List.of("z"), 3),
          new Request.LogLikelihood("the quick brown fox jumps", " over"),
          new Request.LogLikelihood("the quick brown fox jumps", " under it"));
    }

    @Override
    protected Request unanswerable() {
      return new Request.Similarity("a", "b");
    }
  }

  private abstract static class EncoderContract extends Contract {
    EncoderContract(String fixture, Granularity granularity) {
      super(fixture, granularity);
    }

    @Override
    protected List<Request> requests() {
      return List.of(
          new Request.Similarity("a b c", "d"),
          new Request.Similarity("the quick brown fox jumps", "d"),
          new Request.Similarity("", "one two three four"),
          new Request.Similarity("x", "x"));
    }

    @Override
    protected Request unanswerable() {
      return new Request.LogLikelihood("a", " b");
    }
  }

  @Nested
  class Decoder extends DecoderContract {
    Decoder() {
      super("qwen25-torchscript", Granularity.LAYER);
    }
  }

  @Nested
  @Tag("slow")
  class DecoderOfParts extends DecoderContract {
    DecoderOfParts() {
      super("llama31-torchscript", Granularity.SUBLAYER);
    }
  }

  @Nested
  @Tag("slow")
  class HalfPrecisionDecoder extends DecoderContract {
    HalfPrecisionDecoder() {
      super("qwen25-torchscript-fp16", Granularity.LAYER);
    }

    @Override
    protected double batchTolerance() {
      return 5e-2;
    }
  }

  /** Each row runs by itself, so the batch has no influence at all. */
  @Nested
  @Tag("slow")
  class QuantizedDecoder extends DecoderContract {
    QuantizedDecoder() {
      super("lucie-torchscript-int8", Granularity.LAYER);
    }

    @Override
    protected double batchTolerance() {
      return 0;
    }
  }

  @Nested
  class Encoder extends EncoderContract {
    Encoder() {
      super("bert-torchscript", Granularity.LAYER);
    }
  }

  @Nested
  @Tag("slow")
  class EncoderOfParts extends EncoderContract {
    EncoderOfParts() {
      super("bert-torchscript", Granularity.SUBLAYER);
    }
  }
}
