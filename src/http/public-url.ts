/** An address for people to read: without what may be a secret in it, its user info, query and fragment. */
export const publicUrl = ({ origin, pathname }: URL): string => `${origin}${pathname}`
