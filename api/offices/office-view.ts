import { Type } from 'typebox';

import { OFFICE_KINDS } from '../../ra/officer.ts';
import { Uuid } from '../schemas.ts';

export const OfficeView = Type.Object({
  id: Uuid,
  kind: Type.Enum([...OFFICE_KINDS]),
  name: Type.String(),
});

export const OfficeName = Type.String({ minLength: 1, maxLength: 200, pattern: '\\S' });
