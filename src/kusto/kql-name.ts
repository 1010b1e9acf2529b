/** A name of a table or column as KQL has it: bracketed where it is not made of letters, digits and `_` alone. */
export const kqlName = (name: string): string => (/^[A-Za-z_]\w*$/.test(name) ? name : `[${kqlText(name)}]`)

/** A text in single quotes. */
export const kqlText = (text: string): string => `'${text.replace(/[\\']/g, '\\$&').replace(/\n/g, '\\n').replace(/\r/g, '\\r')}'`
