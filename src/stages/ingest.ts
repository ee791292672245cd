import { readMapping } from '../sources/mapping.ts'
