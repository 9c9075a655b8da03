package dev.tale.onnx;

import com.google.common.primitives.ImmutableDoubleArray;
import com.google.common.primitives.ImmutableLongArray;
import dev.tale.model.Answer;
import dev.tale.model.Batch;
import dev.tale.model.HiddenStates;
import dev.tale.model.LayerMask;
import dev.tale.model.LinearPatch;
import dev.tale.model.Request;
import dev.tale.model.Response;
import dev.tale.onnx.session.OutputComparison;
import dev.tale.onnx.session.decode.TokenChoice;
import dev.tale.onnx.session.runtime.PlainSession;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** What a kind of model can be asked, on an open session. */
interface Answers {

  /**
   * Answers a batch.
   *
   * @throws dev.tale.model.UnanswerableRequestException if a request cannot be answered, with its
   *     position
   */
  Answer answer(Batch batch);

  /**
   * Answers requests under vectors of factors on what layers add, by vector, then by request.
   *
   * @throws dev.tale.model.UnanswerableRequestException as {@link #answer} does, or if a request
   *     cannot be answered in this way
   */
  List<List<Response>> respondScaled(List<Request> requests, List<ImmutableDoubleArray> gates);

  /**
   * Answers one generation alone.
   *
   * @throws dev.tale.model.UnanswerableRequestException as {@link #answer} does, or if the model
   *     generates nothing
   */
  Response.Generation generate(
      Request.Generation request, LayerMask mask, TokenChoice choice, Consumer<String> listener);

  /** Returns the ability to read hidden states, if requests of this kind have a prompt. */
  Optional<HiddenStates> hiddenStates();

  /** Returns the reader of states everywhere, if requests of this kind have a prompt. */
  Optional<StatesEverywhere> statesEverywhere();

  /** Returns the distinct token sequences that a model is fed to answer requests. */
  List<ImmutableLongArray> prompts(List<Request> requests);

  /**
   * Compares a written model with the gated one on what the requests need of it, the maps applied.
   */
  OutputComparison compare(
      List<Request> requests, LayerMask mask, List<LinearPatch> patches, PlainSession written);
}
