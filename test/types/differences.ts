/**
 * The paths at which two descriptions of the same object differ, as a union of texts, and `never` if they agree. They
 * differ where only one has a member, only one may leave it out, or the values are of different types.
 */
export type Differences<One, Other> = Same<One, Other> extends true ? never : DifferencesWithin<One, Other>;

/** Fails to compile for anything but `never`, and the compiler's message shows the paths. */
export type Agree<Paths extends never> = Paths;

type DifferencesWithin<One, Other, At extends string = ""> =
  IsUnion<Exclude<One, undefined>> extends true
    ? At
    : [Exclude<One, undefined>, Exclude<Other, undefined>] extends [
          infer A extends object,
          infer B extends object,
        ]
      ? A extends readonly unknown[]
        ? At
        : DifferencesOfMembers<A, B, At>
      : At;

type DifferencesOfMembers<One extends object, Other extends object, At extends string> = {
  [Name in (keyof One | keyof Other) & string]: Name extends keyof One
    ? Name extends keyof Other
      ? Same<Pick<One, Name>, Pick<Other, Name>> extends true
        ? never
        : DifferencesWithin<One[Name], Other[Name], `${At}.${Name}`>
      : `${At}.${Name}: only in the first`
    : `${At}.${Name}: only in the second`;
}[(keyof One | keyof Other) & string];

type Same<One, Other> = [Canonical<One>] extends [Canonical<Other>]
  ? [Canonical<Other>] extends [Canonical<One>]
    ? true
    : false
  : false;

/** A type in which each member is there and says whether it may be left out: otherwise one more would make no difference. */
type Canonical<T> = T extends readonly (infer Item)[]
  ? { list: Canonical<Item> }
  : T extends object
    ? {
        [Name in keyof T]-?: object extends Pick<T, Name>
          ? { optional: Canonical<Exclude<T[Name], undefined>> }
          : { required: Canonical<T[Name]> };
      }
    : T;

type IsUnion<T, Whole = T> = [T] extends [never]
  ? false
  : T extends unknown
    ? [Whole] extends [T]
      ? false
      : true
    : never;
